/* A host in Java with JNA: from sign-in to a published plan, with host.h and libcareplug alone.
 *
 * build: javac -cp /usr/share/java/jna.jar Host.java Careplug.java
 * run: java -cp /usr/share/java/jna.jar:. Host
 *
 * Arguments: SETTINGS TOKENFILE RECORDFILE ANSWERSFILE NHSNUMBER BIRTHDATE NAME. A product takes the identity of
 * its signed-in user, the record and the answers from itself; here they are read from files. It reads results
 * with its JSON library; here a search for a quoted word does.
 */
import com.sun.jna.ptr.LongByReference;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

public class Host extends Careplug {
    // region: handshake
    static long openLoader(String settings, int candidate) {
        Offer offer = new Offer();
        offer.candidate = candidate;
        LongByReference loader = new LongByReference();
        byte[] name = bytes("Java sample 1.0"), path = bytes(settings);
        done(lib.careplug_open(offer, new Answer(), name, name.length, path, path.length, loader, problem));
        return loader.getValue();
    }

    // end
    final long session;
    final PatientKey key = new PatientKey();
    final String tokenFile, recordFile, digits;
    final PrintStream out;

    Host(long session, String[] arguments, PrintStream out) {
        this.session = session;
        this.out = out;
        tokenFile = arguments[1];
        recordFile = arguments[2];
        digits = arguments[4].replace(" ", "");
        System.arraycopy(bytes(arguments[4]), 0, key.nhs_number, 0, Math.min(16, bytes(arguments[4]).length));
        System.arraycopy(bytes(arguments[5]), 0, key.birth_date, 0, Math.min(16, bytes(arguments[5]).length));
    }

    // region: events
    /** The next event that is not a request: requests are answered here. A product asks on its idle timer. */
    Event pull() throws Exception {
        for (int waited = 0; waited < 20000; ) {
            Event event = new Event();
            lib.careplug_next_event(session, event);
            event.text = event.body == 0 ? "" : take(event.body);
            if (event.kind == 0) { // nothing waits
                Thread.sleep(20);
                waited += 20;
            } else if (event.kind == 1) { // a request
                answer(event.subject, event.text);
            } else if (event.kind == 7) {
                throw new Refused("The engine stopped: " + event.text);
            } else {
                return event;
            }
        }
        throw new Refused("No event came in 20 seconds.");
    }

    void answer(long request, String asked) throws Exception {
        String file = null;
        if (asked.contains("\"identity\"")) file = tokenFile;
        else if (asked.contains("\"record\"") && asked.contains("\"" + digits + "\"")) file = recordFile;
        byte[] body = bytes(file == null ? "This program cannot give that." : Files.readString(Path.of(file)).strip());
        done(lib.careplug_complete(session, request, file == null ? 100 : 0, body, body.length, problem));
    }

    // end
    // region: flags
    Flags flags() {
        Flags flags = new Flags();
        lib.careplug_flags(session, key, key.size(), flags, flags.size(), 1);
        return flags;
    }

    void printFlags() {
        Flags flags = flags();
        String line = switch (flags.knowledge) {
            case 1 -> "NO PLAN";
            case 2 -> "PLAN";
            case 3 -> "SUSPENDED";
            case 4 -> "CLOSED";
            case 5 -> "REMOVED";
            default -> "NOT KNOWN (reason " + flags.reason + ")";
        };
        int covered = 0;
        for (int i = 0; i < flags.count && i < 12; ++i) {
            int state = flags.flags[i].state;
            Word word = new Word();
            lib.careplug_word(session, flags.flags[i].word, word);
            if ((state & 4) != 0) ++covered;
            else line += " [" + words(word.words) + ((state & 1) != 0 ? ", last known" : "")
                    + ((state & 2) != 0 ? ", changed" : "") + "]";
        }
        out.println("flags: " + line + (covered > 0 ? " +" + covered : ""));
        done(lib.careplug_receipt(session, key, 1, null, 0, problem)); // shown
    }

    // end
    // region: panel
    void edit(long patient, String action, byte[] answers) throws Exception {
        LongByReference panel = new LongByReference(), result = new LongByReference(), operation = new LongByReference();
        done(lib.careplug_panel_open(patient, bytes(action), action.length(), panel, problem));
        for (;;) { // until the plan and this host's record are in the form
            done(lib.careplug_panel_view(panel.getValue(), result, problem));
            String view = take(result.getValue());
            if (!view.contains("\"awaited\"") && !view.contains("\"loading\"")) break;
            pull();
        }
        done(lib.careplug_panel_update(panel.getValue(), answers, answers.length, result, problem));
        take(result.getValue());
        out.println("draft kept");
        done(lib.careplug_panel_validate(panel.getValue(), 2, result, problem)); // 2: publish
        take(result.getValue());
        done(lib.careplug_panel_submit(panel.getValue(), 2, operation, problem));
        Event event = pull();
        while (event.kind != 5 || event.subject != operation.getValue()) event = pull();
        out.println("outcome: " + event.status + " " + event.text);
        Operation outcome = new Operation();
        lib.careplug_operation(operation.getValue(), outcome);
        lib.careplug_release(operation.getValue());
        lib.careplug_panel_close(panel.getValue());
        while (flags().revision < outcome.revision) pull();
        printFlags();
    }

    // end
    static void run(String[] arguments, PrintStream out) throws Exception {
        try {
            openLoader(arguments[0], 99);
        } catch (Refused refused) {
            out.println("refused: " + refused.getMessage()); // nothing is open: another offer may be made
        }
        long loader = openLoader(arguments[0], 1);
        try {
            work(loader, arguments, out);
        } finally {
            lib.careplug_close(loader);
        }
        out.println("closed");
    }

    static void work(long loader, String[] arguments, PrintStream out) throws Exception {
        LongByReference made = new LongByReference();
        done(lib.careplug_session_open(loader, bytes("gp"), 2, bytes("desk 1"), 6, made, problem));
        Host host = new Host(made.getValue(), arguments, out);
        Event event = host.pull();
        while (event.kind != 2) event = host.pull();
        if (event.status >= 100) throw new Refused(event.text);
        out.println("signed in");

        done(lib.careplug_watch(host.session, host.key, host.key.size(), 1, problem));
        while (host.flags().knowledge == 0 && host.flags().reason == 2) host.pull(); // 2: not asked yet
        host.printFlags();

        byte[] name = bytes(arguments[6]);
        done(lib.careplug_patient_open(host.session, host.key, name, name.length, 1, null, 0, made, problem)); // 1: registered
        long patient = made.getValue();
        done(lib.careplug_actions(patient, made, problem));
        String offered = take(made.getValue());
        String action = List.of("create", "edit", "continue").stream()
                .filter(one -> offered.contains("\"" + one + "\"")).findFirst().orElse("none");
        out.println("action: " + action);
        if (!action.equals("none")) host.edit(patient, action, Files.readAllBytes(Path.of(arguments[3])));
        out.println("leaving: " + done(lib.careplug_patient_may_close(patient, problem)));
        lib.careplug_patient_close(patient);
        lib.careplug_session_close(host.session);
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try {
            if (arguments.length != 7)
                throw new Refused("usage: host SETTINGS TOKENFILE RECORDFILE ANSWERSFILE NHSNUMBER BIRTHDATE NAME");
            run(arguments, out);
        } catch (Refused refused) {
            out.println("problem: " + refused.getMessage());
            System.exit(1);
        }
    }
}
