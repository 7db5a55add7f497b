/* A host in C#: from sign-in to a published plan, with host.h and libcareplug alone.
 *
 * build: mcs -warnaserror -out:host.exe Host.cs
 * run: mono host.exe
 *
 * Arguments: SETTINGS TOKENFILE RECORDFILE ANSWERSFILE NHSNUMBER BIRTHDATE NAME. A product takes the identity of
 * its signed-in user, the record and the answers from itself; here they are read from files. It reads results
 * with its JSON library; here a search for a quoted word does.
 */
using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;

// region: records
[StructLayout(LayoutKind.Sequential)]
struct Offer {
    public uint size;
    public int major, minor, candidate;
}

[StructLayout(LayoutKind.Sequential)]
struct Answer {
    public uint size;
    public int major, minor, candidate;
    [MarshalAs(UnmanagedType.ByValArray, SizeConst = 256)] public byte[] sentence;
}

[StructLayout(LayoutKind.Sequential)]
struct PatientKey {
    public uint size;
    public int number_status;
    [MarshalAs(UnmanagedType.ByValArray, SizeConst = 16)] public byte[] nhs_number, birth_date;
}

[StructLayout(LayoutKind.Sequential)]
struct Event {
    public uint size;
    public int kind, status, reserved;
    public ulong subject, body, generation;
    public long time;
}

[StructLayout(LayoutKind.Sequential)]
struct Flag {
    public uint word, state;
    public long changed;
}

[StructLayout(LayoutKind.Sequential)]
struct Flags {
    public uint size;
    public int knowledge, last_knowledge, reason;
    public uint revision, count;
    public long checked_, amended, since;
    [MarshalAs(UnmanagedType.ByValArray, SizeConst = 12)] public Flag[] flags;
}

[StructLayout(LayoutKind.Sequential)]
struct Word {
    public uint size;
    public int slot;
    [MarshalAs(UnmanagedType.ByValArray, SizeConst = 32)] public byte[] id;
    [MarshalAs(UnmanagedType.ByValArray, SizeConst = 64)] public byte[] words;
}

[StructLayout(LayoutKind.Sequential)]
struct Operation {
    public uint size;
    public int state, status;
    public uint revision;
}

// end
class Refused : Exception {
    public Refused(string sentence) : base(sentence) {}
}

static class Careplug {
    // region: functions
    const string Library = "careplug";  // careplug.dll or libcareplug.so
    const CallingConvention C = CallingConvention.Cdecl;

    [DllImport(Library, CallingConvention = C)]
    public static extern int careplug_open(ref Offer offer, ref Answer answer, byte[] name, ulong nameLength,
        byte[] settings, ulong settingsLength, out ulong loader, out ulong problem);
    [DllImport(Library, CallingConvention = C)] public static extern int careplug_close(ulong loader);
    [DllImport(Library, CallingConvention = C)]
    public static extern int careplug_result(ulong result, out IntPtr data, out ulong length);
    [DllImport(Library, CallingConvention = C)] public static extern int careplug_release(ulong handle);
    [DllImport(Library, CallingConvention = C)]
    public static extern int careplug_session_open(ulong loader, byte[] kind, ulong kindLength, byte[] workstation,
        ulong workstationLength, out ulong session, out ulong problem);
    [DllImport(Library, CallingConvention = C)] public static extern int careplug_session_close(ulong session);
    [DllImport(Library, CallingConvention = C)]
    public static extern int careplug_next_event(ulong session, ref Event record);
    [DllImport(Library, CallingConvention = C)]
    public static extern int careplug_complete(ulong session, ulong request, int status, byte[] body, ulong length,
        out ulong problem);
    [DllImport(Library, CallingConvention = C)]
    public static extern int careplug_watch(ulong session, ref PatientKey patients, ulong stride, ulong count,
        out ulong problem);
    [DllImport(Library, CallingConvention = C)]
    public static extern int careplug_flags(ulong session, ref PatientKey patients, ulong stride, ref Flags flags,
        ulong flagsStride, ulong count);
    [DllImport(Library, CallingConvention = C)]
    public static extern int careplug_word(ulong session, uint word, ref Word record);
    [DllImport(Library, CallingConvention = C)]
    public static extern int careplug_receipt(ulong session, ref PatientKey patient, int receipt, byte[] reason,
        ulong reasonLength, out ulong problem);
    [DllImport(Library, CallingConvention = C)]
    public static extern int careplug_patient_open(ulong session, ref PatientKey key, byte[] name, ulong nameLength,
        int basis, byte[] reason, ulong reasonLength, out ulong patient, out ulong problem);
    [DllImport(Library, CallingConvention = C)]
    public static extern int careplug_patient_may_close(ulong patient, out ulong problem);
    [DllImport(Library, CallingConvention = C)] public static extern int careplug_patient_close(ulong patient);
    [DllImport(Library, CallingConvention = C)]
    public static extern int careplug_actions(ulong patient, out ulong result, out ulong problem);
    [DllImport(Library, CallingConvention = C)]
    public static extern int careplug_panel_open(ulong patient, byte[] action, ulong length, out ulong panel,
        out ulong problem);
    [DllImport(Library, CallingConvention = C)]
    public static extern int careplug_panel_view(ulong panel, out ulong result, out ulong problem);
    [DllImport(Library, CallingConvention = C)]
    public static extern int careplug_panel_update(ulong panel, byte[] items, ulong length, out ulong result,
        out ulong problem);
    [DllImport(Library, CallingConvention = C)]
    public static extern int careplug_panel_submit(ulong panel, int intent, out ulong operation, out ulong problem);
    [DllImport(Library, CallingConvention = C)] public static extern int careplug_panel_close(ulong panel);
    [DllImport(Library, CallingConvention = C)]
    public static extern int careplug_operation(ulong operation, ref Operation record);

    public static uint Size<T>() { return (uint)Marshal.SizeOf(typeof(T)); }
    public static byte[] Bytes(string words) { return Encoding.UTF8.GetBytes(words); }
    public static ulong Length(byte[] bytes) { return (ulong)bytes.Length; }
    public static byte[] Padded(string words, int size) {
        byte[] bytes = Bytes(words);
        Array.Resize(ref bytes, size);
        return bytes;
    }

    // The text of a result or a problem, which is given back.
    public static string Take(ulong handle) {
        IntPtr data;
        ulong length;
        careplug_result(handle, out data, out length);
        byte[] bytes = new byte[length];
        if (length > 0) Marshal.Copy(data, bytes, 0, bytes.Length);
        careplug_release(handle);
        return Encoding.UTF8.GetString(bytes);
    }

    // Below 100 a status means done; the problem says what stood against the others.
    public static int Done(int status, ulong problem) {
        if (status >= 100) throw new Refused(Take(problem));
        return status;
    }
    // end
}

class Host {
    ulong session, problem;
    PatientKey key;
    string tokenFile, recordFile, digits;

    // region: handshake
    static ulong OpenLoader(string settings, int candidate) {
        var offer = new Offer { size = Careplug.Size<Offer>(), major = 1, minor = 0, candidate = candidate };
        var answer = new Answer { size = Careplug.Size<Answer>() };
        byte[] name = Careplug.Bytes("C# sample 1.0"), path = Careplug.Bytes(settings);
        ulong loader, problem;
        int status = Careplug.careplug_open(ref offer, ref answer, name, Careplug.Length(name), path,
            Careplug.Length(path), out loader, out problem);
        Careplug.Done(status, problem);
        return loader;
    }
    // end

    // region: events
    // The next event that is not a request: requests are answered here. A product asks on its idle timer.
    Event Pull(out string text) {
        for (int waited = 0; waited < 20000;) {
            var pulled = new Event { size = Careplug.Size<Event>() };
            Careplug.careplug_next_event(session, ref pulled);
            text = pulled.body == 0 ? "" : Careplug.Take(pulled.body);
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
        byte[] body = Careplug.Bytes(file == null ? "This program cannot give that." : File.ReadAllText(file).Trim());
        int status = Careplug.careplug_complete(session, request, file == null ? 100 : 0, body, Careplug.Length(body),
            out problem);
        Careplug.Done(status, problem);
    }
    // end

    // region: flags
    Flags ReadFlags() {
        var flags = new Flags { size = Careplug.Size<Flags>(), flags = new Flag[12] };
        Careplug.careplug_flags(session, ref key, key.size, ref flags, flags.size, 1);
        return flags;
    }

    void PrintFlags() {
        string[] known = { "", "NO PLAN", "PLAN", "SUSPENDED", "CLOSED", "REMOVED" };
        Flags flags = ReadFlags();
        string line = flags.knowledge >= 1 && flags.knowledge <= 5
            ? known[flags.knowledge] : "NOT KNOWN (reason " + flags.reason + ")";
        int covered = 0;
        foreach (Flag flag in flags.flags.Take((int)flags.count)) {
            var word = new Word { size = Careplug.Size<Word>() };
            Careplug.careplug_word(session, flag.word, ref word);
            if ((flag.state & 4) != 0) ++covered;
            else line += " [" + Encoding.UTF8.GetString(word.words).TrimEnd('\0')
                + ((flag.state & 1) != 0 ? ", last known" : "") + ((flag.state & 2) != 0 ? ", changed" : "") + "]";
        }
        Console.WriteLine("flags: " + line + (covered > 0 ? " +" + covered : ""));
        int status = Careplug.careplug_receipt(session, ref key, 1, null, 0, out problem);  // shown
        Careplug.Done(status, problem);
    }
    // end

    // region: panel
    void Edit(ulong patient, string action, byte[] answers) {
        ulong panel, result, operation;
        string text;
        byte[] id = Careplug.Bytes(action);
        int status = Careplug.careplug_panel_open(patient, id, Careplug.Length(id), out panel, out problem);
        Careplug.Done(status, problem);
        for (;;) {  // until the plan and this host's record are in the form
            Careplug.Done(Careplug.careplug_panel_view(panel, out result, out problem), problem);
            string view = Careplug.Take(result);
            if (!view.Contains("\"awaited\"") && !view.Contains("\"loading\"")) break;
            Pull(out text);
        }
        status = Careplug.careplug_panel_update(panel, answers, Careplug.Length(answers), out result, out problem);
        Careplug.Done(status, problem);
        Careplug.careplug_release(result);
        Console.WriteLine("draft kept");
        status = Careplug.careplug_panel_submit(panel, 2, out operation, out problem);  // 2: publish
        Careplug.Done(status, problem);
        Event pulled;
        do pulled = Pull(out text); while (pulled.kind != 5 || pulled.subject != operation);
        Console.WriteLine("outcome: " + pulled.status + " " + text);
        var outcome = new Operation { size = Careplug.Size<Operation>() };
        Careplug.careplug_operation(operation, ref outcome);
        Careplug.careplug_release(operation);
        Careplug.careplug_panel_close(panel);
        while (ReadFlags().revision < outcome.revision) Pull(out text);
        PrintFlags();
    }
    // end

    void Run(string[] arguments) {
        string text;
        try {
            OpenLoader(arguments[0], 99);
        } catch (Refused refused) {
            Console.WriteLine("refused: " + refused.Message);  // nothing is open: another offer may be made
        }
        ulong loader = OpenLoader(arguments[0], 1);
        int status = Careplug.careplug_session_open(loader, Careplug.Bytes("gp"), 2, Careplug.Bytes("desk 1"), 6,
            out session, out problem);
        Careplug.Done(status, problem);
        tokenFile = arguments[1];
        recordFile = arguments[2];
        digits = arguments[4].Replace(" ", "");
        key = new PatientKey { size = Careplug.Size<PatientKey>(), number_status = 1,  // verified
            nhs_number = Careplug.Padded(arguments[4], 16), birth_date = Careplug.Padded(arguments[5], 16) };
        Event pulled;
        do pulled = Pull(out text); while (pulled.kind != 2);
        if (pulled.status >= 100) throw new Refused(text);
        Console.WriteLine("signed in");

        PrintFlags();  // nobody is watched yet: this is "not known", and never "no plan"
        Careplug.Done(Careplug.careplug_watch(session, ref key, key.size, 1, out problem), problem);
        while (ReadFlags().knowledge == 0 && ReadFlags().reason == 2) Pull(out text);  // 2: not asked yet
        PrintFlags();

        ulong patient, result;
        byte[] name = Careplug.Bytes(arguments[6]);
        status = Careplug.careplug_patient_open(session, ref key, name, Careplug.Length(name), 1, null, 0,
            out patient, out problem);  // 1: registered here
        Careplug.Done(status, problem);
        Careplug.Done(Careplug.careplug_actions(patient, out result, out problem), problem);
        string offered = Careplug.Take(result);
        string action = new[] { "create", "edit", "continue" }.FirstOrDefault(one => offered.Contains("\"" + one + "\""));
        Console.WriteLine("action: " + (action ?? "none"));
        if (action != null) Edit(patient, action, File.ReadAllBytes(arguments[3]));
        status = Careplug.Done(Careplug.careplug_patient_may_close(patient, out problem), problem);
        Console.WriteLine("leaving: " + status);
        Careplug.careplug_patient_close(patient);
        Careplug.careplug_session_close(session);
        Careplug.careplug_close(loader);
        Console.WriteLine("closed");
    }

    static int Main(string[] arguments) {
        Console.OutputEncoding = new UTF8Encoding(false);
        try {
            if (arguments.Length != 7)
                throw new Refused("usage: host SETTINGS TOKENFILE RECORDFILE ANSWERSFILE NHSNUMBER BIRTHDATE NAME");
            new Host().Run(arguments);
            return 0;
        } catch (Refused refused) {
            Console.WriteLine("problem: " + refused.Message);
            return 1;
        }
    }
}
