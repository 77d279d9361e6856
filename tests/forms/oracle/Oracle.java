import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.javarosa.core.model.CoreModelModule;
import org.javarosa.core.services.PrototypeManager;
import org.javarosa.core.services.PropertyManager;
import org.javarosa.core.util.JavaRosaCoreModule;
import org.javarosa.model.xform.XFormsModule;
import org.javarosa.xform.parse.XFormParser;
import org.opendatakit.validate.StubSetGeopointActionHandler;

/**
 * JavaRosa behind JSON lines: one request a line on standard input, one answer a line on standard
 * output. Every answer carries "ok"; where it is false, "error" says what JavaRosa said.
 *
 * <p>Requests: hello · load {form, xml, media} · drop {form} · fill {form, seed, faults, now, zone,
 * pool} · judge {form, submission, now, zone, language, missing} · eval {form, submission, now,
 * zone, expressions: [{context, expression}]}.
 */
public final class Oracle {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final long STACK = 256L << 20;
    private final Map<String, LoadedForm> forms = new HashMap<>();

    public static void main(String[] arguments) throws Exception {
        OutputStream out = System.out;
        System.setOut(System.err); // JavaRosa talks on standard output
        new XFormsModule().registerModule();
        PropertyManager.setPropertyManager(new Pins.Properties());
        XFormParser.registerActionHandler("setgeopoint", new StubSetGeopointActionHandler());
        PrototypeManager.registerPrototypes(JavaRosaCoreModule.classNames);
        PrototypeManager.registerPrototypes(CoreModelModule.classNames);
        Thread worker = new Thread(null, () -> new Oracle().serve(out), "oracle", STACK);
        worker.start();
        worker.join();
    }

    private void serve(OutputStream raw) {
        PrintStream out = new PrintStream(raw, true, StandardCharsets.UTF_8);
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                out.println(answer(line));
            }
        } catch (java.io.IOException closed) {
            return;
        }
    }

    private String answer(String line) throws java.io.IOException {
        ObjectNode answer = JSON.createObjectNode();
        try {
            JsonNode request = JSON.readTree(line);
            answer.put("ok", true);
            handle(request, answer);
        } catch (Exception | StackOverflowError | NoClassDefFoundError error) {
            answer.removeAll();
            answer.put("ok", false);
            answer.put("error", error.getClass().getSimpleName() + ": " + error.getMessage());
        }
        return JSON.writeValueAsString(answer);
    }

    private void handle(JsonNode request, ObjectNode answer) throws Exception {
        String operation = request.path("op").asText();
        String name = request.path("form").asText();
        switch (operation) {
            case "hello" -> answer.put("java", System.getProperty("java.version"));
            case "load" -> {
                LoadedForm form =
                        LoadedForm.load(request.path("xml").asText(), request.path("media").asText(""));
                forms.put(name, form);
                form.describe(answer);
            }
            case "drop" -> forms.remove(name);
            case "fill" -> new Filler(form(name), request).fill(answer);
            case "judge" -> new Judge(form(name), request).judge(answer);
            case "eval" -> new Expressions(form(name), request).evaluate(answer);
            default -> throw new IllegalArgumentException("no such operation: " + operation);
        }
    }

    private LoadedForm form(String name) {
        LoadedForm form = forms.get(name);
        if (form == null) {
            throw new IllegalArgumentException("load the form first: " + name);
        }
        return form;
    }
}
