"""A host in Python: from sign-in to a published plan, with host.h and libcareplug alone.

run: python3 host.py

Arguments: SETTINGS TOKENFILE RECORDFILE ANSWERSFILE NHSNUMBER BIRTHDATE NAME. A product takes the identity of
its signed-in user, the record and the answers from itself; here they are read from files.
"""
import ctypes as c
import json
import select
import sys
from ctypes import byref

from careplug import (Answer, Event, Flags, Offer, Operation, PatientKey, Refused, Word, call, library, made, take,
                      text)


# region: handshake
def open_loader(settings, candidate):
    offer = Offer(major=1, minor=0, candidate=candidate)
    return made("open", byref(offer), byref(Answer()), *text("Python sample 1.0"), *text(settings))


# end
def read(file):
    with open(file, encoding="utf-8") as opened:
        return opened.read().strip()


class Host:
    def __init__(self, session, token_file, record_file, nhs_number, birth_date):
        self.session, self.files = session, {"identity": token_file, "record": record_file}
        self.digits = nhs_number.replace(" ", "")
        self.key = PatientKey(number_status=1, nhs_number=nhs_number.encode(), birth_date=birth_date.encode())
        self.waiting = c.c_int64()
        library.careplug_wait_handle(session, byref(self.waiting))

    # region: events
    def pull(self):
        """The next event that is not a request: requests are answered here."""
        while True:
            event = Event()
            library.careplug_next_event(self.session, byref(event))
            body = take(event.body) if event.body else ""
            if event.kind == 0:  # nothing waits
                if not select.select([self.waiting.value], [], [], 20)[0]:
                    raise Refused("No event came in 20 seconds.")
            elif event.kind == 1:  # a request
                self.answer(event.subject, json.loads(body))
            elif event.kind == 7:
                raise Refused("The engine stopped: " + body)
            else:
                return event, body

    def answer(self, request, asked):
        file = self.files.get(asked["request"])
        if asked["request"] == "record" and asked["patient"]["nhs_number"] != self.digits:
            file = None  # only ever the record of the patient asked for
        body = read(file) if file else "This program cannot give that."
        call("complete", self.session, request, 0 if file else 100, *text(body))

    # end
    # region: flags
    def flags(self):
        flags = Flags()
        library.careplug_flags(self.session, byref(self.key), c.sizeof(self.key), byref(flags), c.sizeof(flags), 1)
        return flags

    def print_flags(self):
        flags = self.flags()
        known = {1: "NO PLAN", 2: "PLAN", 3: "SUSPENDED", 4: "CLOSED", 5: "REMOVED"}
        line = "flags: " + known.get(flags.knowledge, f"NOT KNOWN (reason {flags.reason})")
        drawn = [flag for flag in flags.flags[:flags.count] if not flag.state & 4]  # 4: covered by another
        for flag in drawn:
            word = Word()
            library.careplug_word(self.session, flag.word, byref(word))
            line += f" [{word.words.decode()}"
            line += ", last known" * bool(flag.state & 1) + ", changed" * bool(flag.state & 2) + "]"
        print(line + (f" +{flags.count - len(drawn)}" if len(drawn) < flags.count else ""))
        call("receipt", self.session, byref(self.key), 1, None, 0)  # shown

    # end
    # region: panel
    def edit(self, patient, action, answers):
        panel = made("panel_open", patient, *text(action))
        view = json.loads(take(made("panel_view", panel)))
        while view["record"] == "awaited" or view["plan"] == "loading":
            self.pull()
            view = json.loads(take(made("panel_view", panel)))
        take(made("panel_update", panel, *text(answers)))
        print("draft kept")
        take(made("panel_validate", panel, 2))  # 2: publish
        operation = made("panel_submit", panel, 2)
        event, outcome = self.pull()
        while event.kind != 5 or event.subject != operation.value:
            event, outcome = self.pull()
        print("outcome:", event.status, outcome)
        done = Operation()
        library.careplug_operation(operation, byref(done))
        library.careplug_release(operation)
        library.careplug_panel_close(panel)
        while self.flags().revision < done.revision:
            self.pull()
        self.print_flags()

    # end


def work(loader, token_file, record_file, answers_file, nhs_number, birth_date, name):
    session = made("session_open", loader, *text("gp"), *text("desk 1"))
    host = Host(session, token_file, record_file, nhs_number, birth_date)
    event, sentence = host.pull()
    while event.kind != 2:
        event, sentence = host.pull()
    if event.status >= 100:
        raise Refused(sentence)
    print("signed in")

    call("watch", session, byref(host.key), c.sizeof(host.key), 1)
    while host.flags().knowledge == 0 and host.flags().reason == 2:  # not asked yet
        host.pull()
    host.print_flags()

    patient = made("patient_open", session, byref(host.key), *text(name), 1, None, 0)  # 1: registered here
    offered = [action["id"] for action in json.loads(take(made("actions", patient)))["actions"]]
    action = next((one for one in ("create", "edit", "continue") if one in offered), None)
    print("action:", action or "none")
    if action:
        host.edit(patient, action, read(answers_file))
    print("leaving:", call("patient_may_close", patient))
    library.careplug_patient_close(patient)
    library.careplug_session_close(session)


def main(settings, *arguments):
    try:
        open_loader(settings, 99)
    except Refused as refused:
        print("refused:", refused)  # nothing is open: another offer may be made
    loader = open_loader(settings, 1)
    try:
        work(loader, *arguments)
    finally:
        library.careplug_close(loader)
    print("closed")


if __name__ == "__main__":
    if len(sys.argv) != 8:
        sys.exit("problem: usage: host SETTINGS TOKENFILE RECORDFILE ANSWERSFILE NHSNUMBER BIRTHDATE NAME")
    try:
        main(*sys.argv[1:])
    except Refused as problem:
        print("problem:", problem)
        sys.exit(1)
