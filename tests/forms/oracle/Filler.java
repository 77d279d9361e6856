import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.javarosa.core.model.Constants;
import org.javarosa.core.model.FormIndex;
import org.javarosa.core.model.GroupDef;
import org.javarosa.core.model.RangeQuestion;
import org.javarosa.core.model.SelectChoice;
import org.javarosa.core.model.condition.EvaluationContext;
import org.javarosa.core.model.data.IAnswerData;
import org.javarosa.core.model.data.MultipleItemsData;
import org.javarosa.core.model.data.SelectOneData;
import org.javarosa.core.model.data.StringData;
import org.javarosa.core.model.data.helper.Selection;
import org.javarosa.core.model.instance.TreeElement;
import org.javarosa.form.api.FormEntryController;
import org.javarosa.form.api.FormEntryModel;
import org.javarosa.form.api.FormEntryPrompt;
import org.javarosa.xform.util.XFormAnswerDataParser;
import org.javarosa.xpath.XPathParseTool;
import org.javarosa.xpath.expr.XPathFuncExpr;
import org.javarosa.xpath.parser.XPathSyntaxException;

/**
 * Somebody who goes through a form from the first question to the last and answers by a seed.
 *
 * <p>`faults` is the share of questions answered wrongly: left out though required, a choice that is
 * not offered, a value that breaks the constraint. `pool` gives texts worth trying by path.
 */
final class Filler {
    private static final int STEPS = 400; // and ten for each question
    private static final int TRIES = 24;
    private static final int INSTANCES = 4;
    private final LoadedForm form;
    private final Random chance;
    private final double faults;
    private final double blanks;
    private final JsonNode request;
    private FormEntryController controller;
    private int broken;

    Filler(LoadedForm form, JsonNode request) {
        this.form = form;
        this.request = request;
        this.chance = new Random(request.path("seed").asLong() * 0x9E3779B97F4A7C15L);
        this.faults = request.path("faults").asDouble(0);
        this.blanks = chance.nextBoolean() ? 0.05 : 0.4;
    }

    void fill(ObjectNode answer) throws java.io.IOException {
        Pins.set(request);
        form.open();
        FormEntryModel model = new FormEntryModel(form.definition);
        controller = new FormEntryController(model);
        controller.jumpToIndex(FormIndex.createBeginningOfFormIndex());
        FormIndex before = model.getFormIndex();
        int steps = STEPS + 10 * form.definition.getDeepChildCount();
        int event = controller.stepToNextEvent();
        for (int step = 0; event != FormEntryController.EVENT_END_OF_FORM && step < steps; step++) {
            if (event == FormEntryController.EVENT_QUESTION) {
                answer(model.getQuestionPrompt());
            } else if (event == FormEntryController.EVENT_PROMPT_NEW_REPEAT) {
                repeat(model);
            } else if (event == FormEntryController.EVENT_REPEAT && surplus(model)) {
                controller.deleteRepeat();
                controller.jumpToIndex(before);
            }
            before = model.getFormIndex();
            event = controller.stepToNextEvent();
        }
        form.definition.postProcessInstance();
        answer.put("submission", new String(form.serialize(), StandardCharsets.UTF_8));
        answer.put("broken", broken);
    }

    private void repeat(FormEntryModel model) {
        GroupDef group = (GroupDef) form.definition.getChild(model.getFormIndex());
        int instance = model.getFormIndex().getElementMultiplicity();
        boolean open = group.getCountReference() == null;
        if (open && instance < INSTANCES && chance.nextInt(INSTANCES) >= instance) {
            controller.newRepeat();
        }
    }

    /** Whether the count of a repeat wants fewer: the form itself brings one, even where none is due. */
    private boolean surplus(FormEntryModel model) {
        FormIndex index = model.getFormIndex();
        GroupDef group = (GroupDef) form.definition.getChild(index);
        boolean counted = group.getCountReference() != null && group.noAddRemove;
        return counted && chance.nextInt(20) > 0
                && !form.definition.canCreateRepeat(form.definition.getChildInstanceRef(index), index);
    }

    private void answer(FormEntryPrompt prompt) {
        if (prompt.isReadOnly()) {
            return;
        }
        if (chance.nextDouble() < faults) {
            broken++;
            controller.saveAnswer(wrong(prompt), false);
            return;
        }
        if (!prompt.isRequired() && chance.nextDouble() < blanks) {
            return;
        }
        for (int attempt = 0; attempt < TRIES; attempt++) {
            IAnswerData value = right(prompt, attempt);
            if (value != null && controller.answerQuestion(value, false) == FormEntryController.ANSWER_OK) {
                return;
            }
        }
    }

    // -- right answers ---------------------------------------------------------------------------
    private IAnswerData right(FormEntryPrompt prompt, int attempt) {
        int control = prompt.getControlType();
        if (control == Constants.CONTROL_SELECT_ONE || control == Constants.CONTROL_SELECT_MULTI
                || control == Constants.CONTROL_RANK) {
            return chosen(prompt, control);
        }
        if (control == Constants.CONTROL_TRIGGER) {
            return new StringData("OK");
        }
        JsonNode pool = request.path("pool").path(
                prompt.getIndex().getReference().toString(false).replaceAll("\\[[^]]*\\]", ""));
        boolean pooled = pool.size() > 0 && (attempt == 0 || chance.nextInt(4) > 0);
        String text = pooled ? pooled(pool, attempt) : text(prompt);
        return parsed(text.startsWith("=") ? reckoned(text.substring(1), prompt) : text, prompt);
    }

    /** One text of the pool: every other time one that is reckoned, where there is such. */
    private String pooled(JsonNode pool, int attempt) {
        List<String> texts = new ArrayList<>();
        pool.forEach(one -> texts.add(one.asText()));
        List<String> reckoned = texts.stream().filter(one -> one.startsWith("=")).toList();
        List<String> among = attempt % 2 == 0 && !reckoned.isEmpty() ? reckoned : texts;
        return among.get(chance.nextInt(among.size()));
    }

    /** What an expression comes to where the question stands; '' where it comes to nothing. */
    private String reckoned(String expression, FormEntryPrompt prompt) {
        try {
            EvaluationContext around = new EvaluationContext(
                    form.definition.getEvaluationContext(), prompt.getIndex().getReference());
            Object value = XPathParseTool.parseXPath(expression)
                    .eval(form.definition.getMainInstance(), around);
            return XPathFuncExpr.toString(value);
        } catch (XPathSyntaxException | RuntimeException unreckonable) {
            return "";
        }
    }

    private static IAnswerData parsed(String text, FormEntryPrompt prompt) {
        try {
            return XFormAnswerDataParser.getAnswerData(text, prompt.getDataType(), prompt.getQuestion());
        } catch (RuntimeException notOfTheType) {
            return null;
        }
    }

    private IAnswerData chosen(FormEntryPrompt prompt, int control) {
        List<SelectChoice> choices = new ArrayList<>(prompt.getSelectChoices());
        choices.sort(Comparator.comparing(SelectChoice::getValue));
        if (choices.isEmpty()) {
            return null;
        }
        if (control == Constants.CONTROL_SELECT_ONE) {
            return new SelectOneData(choices.get(chance.nextInt(choices.size())).selection());
        }
        Collections.shuffle(choices, chance);
        int many = control == Constants.CONTROL_RANK ? choices.size()
                                                     : 1 + chance.nextInt(Math.min(4, choices.size()));
        return new MultipleItemsData(choices.stream().limit(many).map(SelectChoice::selection).toList());
    }

    private String text(FormEntryPrompt prompt) {
        if (prompt.getQuestion() instanceof RangeQuestion range && range.getRangeStart() != null
                && range.getRangeStep() != null && range.getRangeStep().signum() != 0) {
            int steps = range.getRangeEnd().subtract(range.getRangeStart())
                    .divideToIntegralValue(range.getRangeStep()).intValue();
            return range.getRangeStep()
                    .multiply(new java.math.BigDecimal(chance.nextInt(Math.abs(steps) + 1)))
                    .add(range.getRangeStart()).toPlainString();
        }
        return switch (prompt.getDataType()) {
            case Constants.DATATYPE_INTEGER, Constants.DATATYPE_LONG -> whole();
            case Constants.DATATYPE_DECIMAL -> decimal();
            case Constants.DATATYPE_DATE -> date();
            case Constants.DATATYPE_DATE_TIME -> date() + "T" + time();
            case Constants.DATATYPE_TIME -> time();
            case Constants.DATATYPE_GEOPOINT -> point();
            case Constants.DATATYPE_GEOTRACE -> point() + ";" + point() + ";" + point();
            case Constants.DATATYPE_GEOSHAPE -> {
                String first = point();
                yield first + ";" + point() + ";" + point() + ";" + first;
            }
            case Constants.DATATYPE_BARCODE -> "8" + (100_000_000_000L + chance.nextInt(1_000_000));
            case Constants.DATATYPE_BINARY -> chance.nextInt(100_000) + ".jpg";
            case Constants.DATATYPE_BOOLEAN -> chance.nextBoolean() ? "1" : "0";
            default -> words();
        };
    }

    private String whole() {
        int[] ends = {2, 4, 10, 10, 30, 100, 1_000, 100_000, 10_000_000};
        int value = chance.nextInt(ends[chance.nextInt(ends.length)]);
        return String.valueOf(chance.nextInt(20) == 0 ? -value : value);
    }

    private String decimal() {
        return whole() + (chance.nextInt(3) == 0 ? "" : "." + chance.nextInt(1_000));
    }

    private String date() {
        return String.format(Locale.ROOT, "20%02d-%02d-%02d", 15 + chance.nextInt(13),
                             1 + chance.nextInt(12), 1 + chance.nextInt(28));
    }

    private String time() {
        return String.format(Locale.ROOT, "%02d:%02d:00.000+07:00", chance.nextInt(24), chance.nextInt(60));
    }

    private String point() {
        return String.format(Locale.ROOT, "%.5f %.5f %d %.1f", -6.9 + chance.nextDouble() / 10,
                             109.6 + chance.nextDouble() / 10, chance.nextInt(50), 1 + chance.nextDouble() * 9);
    }

    private String words() {
        String[] some = {"Toko", "Warung", "Batik", "Sumber", "Rejeki", "Jaya", "Ibu", "Sari", "é ñ", "7"};
        StringBuilder text = new StringBuilder(some[chance.nextInt(some.length)]);
        for (int more = chance.nextInt(3); more > 0; more--) {
            text.append(' ').append(some[chance.nextInt(some.length)]);
        }
        return text.toString();
    }

    // -- wrong answers ---------------------------------------------------------------------------
    private IAnswerData wrong(FormEntryPrompt prompt) {
        if (chance.nextInt(3) == 0) {
            return null;
        }
        int control = prompt.getControlType();
        if (control == Constants.CONTROL_SELECT_ONE) {
            return new SelectOneData(new Selection("tidak_ada"));
        }
        if (control == Constants.CONTROL_SELECT_MULTI || control == Constants.CONTROL_RANK) {
            return new MultipleItemsData(List.of(new Selection("tidak_ada")));
        }
        if (chance.nextInt(6) == 0) {
            return new StringData("bukan itu");
        }
        IAnswerData value = null;
        for (int attempt = 0; attempt < TRIES; attempt++) {
            value = parsed(text(prompt), prompt);
            TreeElement node = form.definition.getMainInstance()
                    .resolveReference(prompt.getIndex().getReference());
            if (value != null && node.getConstraint() != null
                    && !form.definition.evaluateConstraint(prompt.getIndex().getReference(), value)) {
                return value;
            }
        }
        return value;
    }
}
