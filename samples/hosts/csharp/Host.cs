/* A host in C#: from sign-in to a published plan, with host.h and libcareplug alone.
 *
 * build: mcs -warnaserror -out:host.exe Host.cs Careplug.cs
 * run: mono host.exe
 *
 * Arguments: SETTINGS TOKENFILE RECORDFILE ANSWERSFILE NHSNUMBER BIRTHDATE NAME. A product takes the identity of
 * its signed-in user, the record and the answers from itself; here they are read from files. It reads results
 * with its JSON library; here a search for a quoted word does.
 */
using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using static Careplug;

class Host {
    ulong session, problem;
    PatientKey key;
    string tokenFile, recordFile, digits;

    // region: handshake
    static ulong OpenLoader(string settings, int candidate) {
        var offer = new Offer { size = Size<Offer>(), major = 1, minor = 0, candidate = candidate };
        var answer = new Answer { size = Size<Answer>() };
        byte[] name = Bytes("C# sample 1.0"), path = Bytes(settings);
        ulong loader, problem;
        int status = careplug_open(ref offer, ref answer, name, Length(name), path,
            Length(path), out loader, out problem);
        Done(status, problem);
        return loader;
    }
    // end

    // region: events
    // The next event that is not a request: requests are answered here. A product asks on its idle timer.
    Event Pull(out string text) {
        for (int waited = 0; waited < 20000;) {
            var pulled = new Event { size = Size<Event>() };
            careplug_next_event(session, ref pulled);
            text = pulled.body == 0 ? "" : Take(pulled.body);
            if (pulled.kind == 0) {  // nothing waits
                Thread.Sleep(20);
                waited += 20;
            } else if (pulled.kind == 1) {  // a request
                Complete(pulled.subject, text);
            } else if (pulled.kind == 7) {
                throw new Refused("The engine stopped: " + text);
            } else {
                return pulled;
            }
        }
        throw new Refused("No event came in 20 seconds.");
    }

    void Complete(ulong request, string asked) {
        string file = null;
        if (asked.Contains("\"identity\"")) file = tokenFile;
        else if (asked.Contains("\"record\"") && asked.Contains("\"" + digits + "\"")) file = recordFile;
        byte[] body = Bytes(file == null ? "This program cannot give that." : File.ReadAllText(file).Trim());
        int status = careplug_complete(session, request, file == null ? 100 : 0, body, Length(body),
            out problem);
        Done(status, problem);
    }
    // end

    // region: flags
    Flags ReadFlags() {
        var flags = new Flags { size = Size<Flags>(), flags = new Flag[12] };
        careplug_flags(session, ref key, key.size, ref flags, flags.size, 1);
        return flags;
    }

    void PrintFlags() {
        string[] known = { "", "NO PLAN", "PLAN", "SUSPENDED", "CLOSED", "REMOVED" };
        Flags flags = ReadFlags();
        string line = flags.knowledge >= 1 && flags.knowledge <= 5
            ? known[flags.knowledge] : "NOT KNOWN (reason " + flags.reason + ")";
        int covered = 0;
        foreach (Flag flag in flags.flags.Take((int)flags.count)) {
            var word = new Word { size = Size<Word>() };
            careplug_word(session, flag.word, ref word);
            if ((flag.state & 4) != 0) ++covered;
            else line += " [" + Encoding.UTF8.GetString(word.words).TrimEnd('\0')
                + ((flag.state & 1) != 0 ? ", last known" : "") + ((flag.state & 2) != 0 ? ", changed" : "") + "]";
        }
        Console.WriteLine("flags: " + line + (covered > 0 ? " +" + covered : ""));
        int status = careplug_receipt(session, ref key, 1, null, 0, out problem);  // shown
        Done(status, problem);
    }
    // end

    // region: panel
    void Edit(ulong patient, string action, byte[] answers) {
        ulong panel, result, operation;
        string text;
        byte[] id = Bytes(action);
        int status = careplug_panel_open(patient, id, Length(id), out panel, out problem);
        Done(status, problem);
        for (;;) {  // until the plan and this host's record are in the form
            Done(careplug_panel_view(panel, out result, out problem), problem);
            string view = Take(result);
            if (!view.Contains("\"awaited\"") && !view.Contains("\"loading\"")) break;
            Pull(out text);
        }
        status = careplug_panel_update(panel, answers, Length(answers), out result, out problem);
        Done(status, problem);
        careplug_release(result);
        Console.WriteLine("draft kept");
        Done(careplug_panel_validate(panel, 2, out result, out problem), problem);  // 2: publish
        careplug_release(result);
        status = careplug_panel_submit(panel, 2, out operation, out problem);
        Done(status, problem);
        Event pulled;
        do pulled = Pull(out text); while (pulled.kind != 5 || pulled.subject != operation);
        Console.WriteLine("outcome: " + pulled.status + " " + text);
        var outcome = new Operation { size = Size<Operation>() };
        careplug_operation(operation, ref outcome);
        careplug_release(operation);
        careplug_panel_close(panel);
        while (ReadFlags().revision < outcome.revision) Pull(out text);
        PrintFlags();
    }
    // end

    static void Run(string[] arguments) {
        try {
            OpenLoader(arguments[0], 99);
        } catch (Refused refused) {
            Console.WriteLine("refused: " + refused.Message);  // nothing is open: another offer may be made
        }
        ulong loader = OpenLoader(arguments[0], 1);
        try {
            new Host().Work(loader, arguments);
        } finally {
            careplug_close(loader);
        }
        Console.WriteLine("closed");
    }

    void Work(ulong loader, string[] arguments) {
        string text;
        int status = careplug_session_open(loader, Bytes("gp"), 2, Bytes("desk 1"), 6,
            out session, out problem);
        Done(status, problem);
        tokenFile = arguments[1];
        recordFile = arguments[2];
        digits = arguments[4].Replace(" ", "");
        key = new PatientKey { size = Size<PatientKey>(), number_status = 1,  // verified
            nhs_number = Padded(arguments[4], 16), birth_date = Padded(arguments[5], 16) };
        Event pulled;
        do pulled = Pull(out text); while (pulled.kind != 2);
        if (pulled.status >= 100) throw new Refused(text);
        Console.WriteLine("signed in");

        Done(careplug_watch(session, ref key, key.size, 1, out problem), problem);
        while (ReadFlags().knowledge == 0 && ReadFlags().reason == 2) Pull(out text);  // 2: not asked yet
        PrintFlags();

        ulong patient, result;
        byte[] name = Bytes(arguments[6]);
        status = careplug_patient_open(session, ref key, name, Length(name), 1, null, 0,
            out patient, out problem);  // 1: registered here
        Done(status, problem);
        Done(careplug_actions(patient, out result, out problem), problem);
        string offered = Take(result);
        string action = new[] { "create", "edit", "continue" }.FirstOrDefault(one => offered.Contains("\"" + one + "\""));
        Console.WriteLine("action: " + (action ?? "none"));
        if (action != null) Edit(patient, action, File.ReadAllBytes(arguments[3]));
        status = Done(careplug_patient_may_close(patient, out problem), problem);
        Console.WriteLine("leaving: " + status);
        careplug_patient_close(patient);
        careplug_session_close(session);
    }

    static int Main(string[] arguments) {
        Console.OutputEncoding = new UTF8Encoding(false);
        try {
            if (arguments.Length != 7)
                throw new Refused("usage: host SETTINGS TOKENFILE RECORDFILE ANSWERSFILE NHSNUMBER BIRTHDATE NAME");
            Run(arguments);
            return 0;
        } catch (Refused refused) {
            Console.WriteLine("problem: " + refused.Message);
            return 1;
        }
    }
}
