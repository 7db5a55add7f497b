/* host.h for C#: its records and functions, by P/Invoke. A product copies this file as it is. */
using System;
using System.Runtime.InteropServices;
using System.Text;

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
    public static extern int careplug_panel_validate(ulong panel, int intent, out ulong result, out ulong problem);
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
