/* host.h for Java: its records and functions, by JNA. A product copies this file as it is. */
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.util.Map;

public class Careplug {
    // region: records
    @FieldOrder({"size", "major", "minor", "candidate"})
    public static class Offer extends Structure {
        public int size = 16, major = 1, minor = 0, candidate;
    }

    @FieldOrder({"size", "major", "minor", "candidate", "sentence"})
    public static class Answer extends Structure {
        public int size = 272, major, minor, candidate;
        public byte[] sentence = new byte[256];
    }

    @FieldOrder({"size", "number_status", "nhs_number", "birth_date"})
    public static class PatientKey extends Structure {
        public int size = 40, number_status = 1; // verified
        public byte[] nhs_number = new byte[16], birth_date = new byte[16];
    }

    @FieldOrder({"size", "kind", "status", "reserved", "subject", "body", "generation", "time"})
    public static class Event extends Structure {
        public int size = 48, kind, status, reserved;
        public long subject, body, generation, time;
        String text; // of the body
    }

    @FieldOrder({"word", "state", "changed"})
    public static class Flag extends Structure {
        public int word, state;
        public long changed;
    }

    @FieldOrder({"size", "knowledge", "last_knowledge", "reason", "revision", "count", "checked", "amended", "since", "flags"})
    public static class Flags extends Structure {
        public int size = 240, knowledge, last_knowledge, reason, revision, count;
        public long checked, amended, since;
        public Flag[] flags = (Flag[]) new Flag().toArray(12);
    }

    @FieldOrder({"size", "slot", "id", "words"})
    public static class Word extends Structure {
        public int size = 104, slot;
        public byte[] id = new byte[32], words = new byte[64];
    }

    @FieldOrder({"size", "state", "status", "revision"})
    public static class Operation extends Structure {
        public int size = 16, state, status, revision;
    }

    // end
    // region: functions
    public interface Functions extends Library {
        int careplug_open(Offer offer, Answer answer, byte[] name, long nameLength, byte[] settings, long settingsLength,
                LongByReference loader, LongByReference problem);
        int careplug_close(long loader);
        int careplug_result(long result, PointerByReference data, LongByReference length);
        int careplug_release(long handle);
        int careplug_session_open(long loader, byte[] kind, long kindLength, byte[] workstation, long workstationLength,
                LongByReference session, LongByReference problem);
        int careplug_session_close(long session);
        int careplug_wait_handle(long session, LongByReference descriptor);
        int careplug_next_event(long session, Event event);
        int careplug_complete(long session, long request, int status, byte[] body, long length, LongByReference problem);
        int careplug_watch(long session, PatientKey patients, long stride, long count, LongByReference problem);
        int careplug_flags(long session, PatientKey patients, long stride, Flags flags, long flagsStride, long count);
        int careplug_word(long session, int word, Word record);
        int careplug_receipt(long session, PatientKey patient, int receipt, byte[] reason, long length, LongByReference problem);
        int careplug_patient_open(long session, PatientKey key, byte[] name, long nameLength, int basis, byte[] reason,
                long reasonLength, LongByReference patient, LongByReference problem);
        int careplug_patient_may_close(long patient, LongByReference problem);
        int careplug_patient_close(long patient);
        int careplug_actions(long patient, LongByReference result, LongByReference problem);
        int careplug_panel_open(long patient, byte[] action, long length, LongByReference panel, LongByReference problem);
        int careplug_panel_view(long panel, LongByReference result, LongByReference problem);
        int careplug_panel_update(long panel, byte[] items, long length, LongByReference result, LongByReference problem);
        int careplug_panel_validate(long panel, int intent, LongByReference result, LongByReference problem);
        int careplug_panel_submit(long panel, int intent, LongByReference operation, LongByReference problem);
        int careplug_panel_close(long panel);
        int careplug_operation(long operation, Operation record);
    }

    // 2 is RTLD_NOW without RTLD_GLOBAL: the library's symbols stay out of the way of others.
    static final Functions lib = Native.load("careplug", Functions.class, Map.of(Library.OPTION_OPEN_FLAGS, 2));
    static final LongByReference problem = new LongByReference();

    static byte[] bytes(String words) {
        return words.getBytes(StandardCharsets.UTF_8);
    }

    static String words(byte[] padded) {
        return Native.toString(padded, "UTF-8");
    }

    /** The text of a result or a problem, which is given back. */
    static String take(long handle) {
        PointerByReference data = new PointerByReference();
        LongByReference length = new LongByReference();
        lib.careplug_result(handle, data, length);
        Pointer text = data.getValue();
        String words = text == null ? "" : new String(text.getByteArray(0, (int) length.getValue()), StandardCharsets.UTF_8);
        lib.careplug_release(handle);
        return words;
    }

    static class Refused extends RuntimeException {
        Refused(String sentence) {
            super(sentence);
        }
    }

    /** Below 100 a status means done; the problem says what stood against the others. */
    static int done(int status) {
        if (status >= 100) throw new Refused(take(problem.getValue()));
        return status;
    }

    // end
}
