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

# region: records
Handle, Text, Out = c.c_uint64, (c.c_char_p, c.c_uint64), c.POINTER(c.c_uint64)


class Offer(c.Structure):
    _fields_ = [("size", c.c_uint32), ("major", c.c_int32), ("minor", c.c_int32), ("candidate", c.c_int32)]


class Answer(c.Structure):
    _fields_ = [*Offer._fields_, ("sentence", c.c_char * 256)]


class PatientKey(c.Structure):
    _fields_ = [("size", c.c_uint32), ("number_status", c.c_int32),
                ("nhs_number", c.c_char * 16), ("birth_date", c.c_char * 16)]


class Event(c.Structure):
    _fields_ = [("size", c.c_uint32), ("kind", c.c_int32), ("status", c.c_int32), ("reserved", c.c_int32),
                ("subject", Handle), ("body", Handle), ("generation", c.c_uint64), ("time", c.c_int64)]


class Flag(c.Structure):
    _fields_ = [("word", c.c_uint32), ("state", c.c_uint32), ("changed", c.c_int64)]


class Flags(c.Structure):
    _fields_ = [("size", c.c_uint32), ("knowledge", c.c_int32), ("last_knowledge", c.c_int32), ("reason", c.c_int32),
                ("revision", c.c_uint32), ("count", c.c_uint32), ("checked", c.c_int64), ("amended", c.c_int64),
                ("since", c.c_int64), ("flags", Flag * 12)]


class Word(c.Structure):
    _fields_ = [("size", c.c_uint32), ("slot", c.c_int32), ("id", c.c_char * 32), ("words", c.c_char * 64)]


class Operation(c.Structure):
    _fields_ = [("size", c.c_uint32), ("state", c.c_int32), ("status", c.c_int32), ("revision", c.c_uint32)]


# end
# region: functions
P = c.POINTER
library = c.CDLL("libcareplug.so")
for name, arguments in {
        "open": [P(Offer), P(Answer), *Text, *Text, Out, Out], "close": [Handle],
        "result": [Handle, P(c.c_char_p), P(c.c_uint64)], "release": [Handle],
        "session_open": [Handle, *Text, *Text, Out, Out], "session_close": [Handle],
        "wait_handle": [Handle, P(c.c_int64)], "next_event": [Handle, P(Event)],
        "complete": [Handle, Handle, c.c_int32, *Text, Out],
        "watch": [Handle, P(PatientKey), c.c_uint64, c.c_uint64, Out],
        "flags": [Handle, P(PatientKey), c.c_uint64, P(Flags), c.c_uint64, c.c_uint64],
        "word": [Handle, c.c_uint32, P(Word)], "receipt": [Handle, P(PatientKey), c.c_int32, *Text, Out],
        "patient_open": [Handle, P(PatientKey), *Text, c.c_int32, *Text, Out, Out], "patient_close": [Handle],
        "patient_may_close": [Handle, Out], "actions": [Handle, Out, Out], "panel_open": [Handle, *Text, Out, Out],
        "panel_view": [Handle, Out, Out], "panel_update": [Handle, *Text, Out, Out],
        "panel_submit": [Handle, c.c_int32, Out, Out], "panel_close": [Handle],
        "operation": [Handle, P(Operation)]}.items():
    getattr(library, "careplug_" + name).argtypes = arguments  # the default would cut handles to 32 bits
    getattr(library, "careplug_" + name).restype = c.c_int32


# end
# region: calls
class Refused(Exception):
    pass


def text(words):
    return words.encode(), len(words.encode())


def take(handle):
    """The text of a result or a problem, which is given back."""
    data, length = c.c_char_p(), c.c_uint64()
    library.careplug_result(handle, byref(data), byref(length))
    words = c.string_at(data, length.value).decode() if data else ""
    library.careplug_release(handle)
    return words


def call(function, *arguments):
    """Calls a function whose last argument is `problem`. Below 100 a status means done."""
    problem = Handle()
    status = getattr(library, "careplug_" + function)(*arguments, byref(problem))
    if status >= 100:
        raise Refused(take(problem) or f"{function}: status {status}")
    return status


def made(function, *arguments):
    """Calls a function that gives a handle before `problem`."""
    handle = Handle()
    call(function, *arguments, byref(handle))
    return handle


# end
# region: handshake
def open_loader(settings, candidate):
    offer, answer = Offer(c.sizeof(Offer), 1, 0, candidate), Answer(c.sizeof(Answer))
    return made("open", byref(offer), byref(answer), *text("Python sample 1.0"), *text(settings))


# end
class Host:
    def __init__(self, session, token_file, record_file, key):
        self.session, self.token_file, self.record_file, self.key = session, token_file, record_file, key

    # region: events
    def pull(self):
        """The next event that is not a request: requests are answered here."""
        waiting = c.c_int64()
        library.careplug_wait_handle(self.session, byref(waiting))
        while True:
            event = Event(c.sizeof(Event))
            library.careplug_next_event(self.session, byref(event))
            body = take(event.body) if event.body else ""
            if event.kind == 0:  # nothing waits
                if not select.select([waiting.value], [], [], 20)[0]:
                    raise Refused("No event came in 20 seconds.")
            elif event.kind == 1:  # a request
                self.answer(event.subject, json.loads(body))
            elif event.kind == 7:
                raise Refused("The engine stopped: " + body)
            else:
                return event, body

    def answer(self, request, asked):
        file = None
        if asked["request"] == "identity":
            file = self.token_file
        elif asked["request"] == "record" and asked["patient"]["nhs_number"] == self.key.nhs_number.decode().replace(" ", ""):
            file = self.record_file
        body = open(file, encoding="utf-8").read().strip() if file else "This program cannot give that."
        call("complete", self.session, request, 0 if file else 100, *text(body))

    # end
    # region: flags
    def flags(self):
        flags = Flags(c.sizeof(Flags))
        library.careplug_flags(self.session, byref(self.key), c.sizeof(self.key), byref(flags), c.sizeof(flags), 1)
        return flags

    def print_flags(self):
        flags = self.flags()
        known = {1: "NO PLAN", 2: "PLAN", 3: "SUSPENDED", 4: "CLOSED", 5: "REMOVED"}
        line = "flags: " + known.get(flags.knowledge, f"NOT KNOWN (reason {flags.reason})")
        covered = 0
        for flag in flags.flags[:flags.count]:
            word = Word(c.sizeof(Word))
            library.careplug_word(self.session, flag.word, byref(word))
            if flag.state & 4:
                covered += 1
                continue
            line += f" [{word.words.decode()}"
            line += ", last known" * bool(flag.state & 1) + ", changed" * bool(flag.state & 2) + "]"
        print(line + (f" +{covered}" if covered else ""))
        call("receipt", self.session, byref(self.key), 1, None, 0)  # shown

    # end


def main(settings, token_file, record_file, answers_file, nhs_number, birth_date, name):
    key = PatientKey(c.sizeof(PatientKey), 1, nhs_number.encode(), birth_date.encode())  # 1: verified
    try:
        open_loader(settings, 99)
    except Refused as refused:
        print("refused:", refused)  # nothing is open: another offer may be made
    loader = open_loader(settings, 1)
    session = made("session_open", loader, *text("gp"), *text("desk 1"))
    host = Host(session, token_file, record_file, key)
    event, sentence = host.pull()
    while event.kind != 2:
        event, sentence = host.pull()
    if event.status >= 100:
        raise Refused(sentence)
    print("signed in")

    host.print_flags()  # nobody is watched yet: this is "not known", and never "no plan"
    call("watch", session, byref(key), c.sizeof(key), 1)
    while host.flags().knowledge == 0 and host.flags().reason == 2:  # not asked yet
        host.pull()
    host.print_flags()

    # region: panel
    patient = made("patient_open", session, byref(key), *text(name), 1, None, 0)  # 1: registered here
    offered = [action["id"] for action in json.loads(take(made("actions", patient)))["actions"]]
    action = next((one for one in ("create", "edit", "continue") if one in offered), None)
    print("action:", action or "none")
    if action:
        panel = made("panel_open", patient, *text(action))
        view = json.loads(take(made("panel_view", panel)))
        while view["record"] == "awaited" or view["plan"] == "loading":
            host.pull()
            view = json.loads(take(made("panel_view", panel)))
        answers = open(answers_file, encoding="utf-8").read()
        take(made("panel_update", panel, *text(answers)))
        print("draft kept")
        operation = made("panel_submit", panel, 2)  # 2: publish
        event, outcome = host.pull()
        while event.kind != 5 or event.subject != operation.value:
            event, outcome = host.pull()
        print("outcome:", event.status, outcome)
        done = Operation(c.sizeof(Operation))
        library.careplug_operation(operation, byref(done))
        library.careplug_release(operation)
        library.careplug_panel_close(panel)
        # end
        while host.flags().revision < done.revision:
            host.pull()
        host.print_flags()
    print("leaving:", call("patient_may_close", patient))
    library.careplug_patient_close(patient)
    library.careplug_session_close(session)
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
