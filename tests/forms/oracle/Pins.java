import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.TimeZone;
import java.util.UUID;
import org.javarosa.core.model.FormDef;
import org.javarosa.core.model.condition.EvaluationContext;
import org.javarosa.core.model.condition.IFunctionHandler;
import org.javarosa.core.model.data.DateData;
import org.javarosa.core.model.data.DateTimeData;
import org.javarosa.core.model.data.IAnswerData;
import org.javarosa.core.model.data.StringData;
import org.javarosa.core.model.instance.TreeElement;
import org.javarosa.core.model.utils.DateUtils;
import org.javarosa.core.model.utils.IPreloadHandler;
import org.javarosa.core.services.IPropertyManager;
import org.javarosa.core.services.properties.IPropertyRules;
import org.joda.time.DateTimeZone;

/**
 * What would differ from run to run, held fast: the clock, the zone, chance, identity, the device.
 *
 * <p>The class path holds a copy of XPathFuncExpr whose names of these functions are spelled
 * otherwise, so that JavaRosa asks the handlers here for them.
 */
final class Pins {
    static Date now = new Date(0);
    static Random chance = new Random(0);

    private Pins() {}

    static void set(JsonNode request) {
        TimeZone zone = TimeZone.getTimeZone(request.path("zone").asText("Asia/Jakarta"));
        TimeZone.setDefault(zone);
        DateTimeZone.setDefault(DateTimeZone.forTimeZone(zone));
        String moment = request.path("now").asText("2026-05-20T10:30:00.000+07:00");
        now = Date.from(Instant.from(OffsetDateTime.parse(moment)));
        chance = new Random(request.path("seed").asLong(1));
    }

    static void install(FormDef form) {
        form.addFunctionHandler(new Function("today", arguments -> DateUtils.roundDate(now)));
        form.addFunctionHandler(new Function("now", arguments -> now));
        form.addFunctionHandler(new Function("random", arguments -> chance.nextDouble()));
        form.addFunctionHandler(new Function("uuid", arguments -> identity()));
        for (Preload preload : Preload.ALL) {
            form.getPreloader().addPreloadHandler(preload);
        }
    }

    static String identity() {
        return new UUID(chance.nextLong() & ~0xF000L | 0x4000L,
                        chance.nextLong() & ~(3L << 62) | 2L << 62).toString();
    }

    /** A function by its name; it never looks at the context. */
    record Function(String getName, java.util.function.Function<Object[], Object> body)
            implements IFunctionHandler {
        @Override
        public List<Class[]> getPrototypes() {
            return List.of();
        }

        @Override
        public boolean rawArgs() {
            return true;
        }

        @Override
        public boolean realTime() {
            return false;
        }

        @Override
        public Object eval(Object[] arguments, EvaluationContext context) {
            return body.apply(arguments);
        }
    }

    /** What a phone writes into a form by itself, when it is opened and when it is closed. */
    record Preload(String preloadHandled) implements IPreloadHandler {
        static final List<Preload> ALL =
                List.of(new Preload("timestamp"), new Preload("date"), new Preload("uid"),
                        new Preload("property"));

        @Override
        public IAnswerData handlePreload(String parameter) {
            return switch (preloadHandled) {
                case "timestamp" -> "start".equals(parameter) ? new DateTimeData(now) : null;
                case "date" -> "today".equals(parameter) ? new DateData(DateUtils.roundDate(now)) : null;
                case "uid" -> new StringData("uuid:" + identity());
                default -> new StringData("pinned " + parameter);
            };
        }

        @Override
        public boolean handlePostProcess(TreeElement node, String parameter) {
            if (!"timestamp".equals(preloadHandled) || !"end".equals(parameter)) {
                return false;
            }
            node.setAnswer(new DateTimeData(now));
            return true;
        }
    }

    /** Properties of a device that does not exist. */
    static final class Properties implements IPropertyManager {
        @Override
        public List<String> getProperty(String name) {
            return List.of("pinned " + name);
        }

        @Override
        public void setProperty(String name, String value) {}

        @Override
        public void setProperty(String name, List<String> value) {}

        @Override
        public String getSingularProperty(String name) {
            return "pinned " + name;
        }

        @Override
        public void addRules(IPropertyRules rules) {}

        @Override
        public List<IPropertyRules> getRules() {
            return List.of();
        }
    }
}
