import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.text.SimpleDateFormat;
import java.util.Date;
import org.javarosa.core.model.condition.EvaluationContext;
import org.javarosa.core.model.data.IAnswerData;
import org.javarosa.core.model.instance.AbstractTreeElement;
import org.javarosa.core.model.instance.DataInstance;
import org.javarosa.core.model.instance.TreeElement;
import org.javarosa.core.model.instance.TreeReference;
import org.javarosa.xpath.XPathNodeset;
import org.javarosa.xpath.XPathParseTool;
import org.javarosa.xpath.expr.XPathExpression;

/** Expressions evaluated in nodes of one submission, with the type of what comes out. */
final class Expressions {
    private final LoadedForm form;
    private final JsonNode request;

    Expressions(LoadedForm form, JsonNode request) {
        this.form = form;
        this.request = request;
    }

    void evaluate(ObjectNode answer) {
        Pins.set(request);
        form.restore(LoadedForm.utf8(request.path("submission").asText()), true);
        form.initialize();
        ArrayNode results = answer.putArray("results");
        for (JsonNode one : request.path("expressions")) {
            ObjectNode result = results.addObject();
            try {
                Pins.set(request);
                evaluate(one.path("context").asText(), one.path("expression").asText(), result);
            } catch (NoClassDefFoundError missing) {
                result.removeAll();
                result.put("absent", true); // the jar leaves out what this function needs
            } catch (Exception | StackOverflowError error) {
                result.removeAll();
                result.put("error", error.getClass().getSimpleName() + ": " + error.getMessage());
            }
        }
    }

    private void evaluate(String context, String source, ObjectNode result) throws Exception {
        TreeElement node = find(form.root(), context);
        if (node == null) {
            throw new IllegalArgumentException("no such node: " + context);
        }
        XPathExpression expression = XPathParseTool.parseXPath(source);
        EvaluationContext around =
                new EvaluationContext(form.definition.getEvaluationContext(), node.getRef());
        around.setOriginalContext(node.getRef());
        Object value = expression.eval(form.definition.getMainInstance(), around);
        if (value instanceof XPathNodeset nodeset && nodeset.size() > 1) {
            nodeset(nodeset, around, result);
            return;
        }
        scalar(value instanceof XPathNodeset nodeset ? nodeset.unpack() : value, result);
    }

    private void nodeset(XPathNodeset nodeset, EvaluationContext around, ObjectNode result) {
        result.put("type", "nodeset");
        ArrayNode values = result.putArray("value");
        for (int i = 0; i < nodeset.size(); i++) {
            TreeReference reference = nodeset.getRefAt(i);
            DataInstance<?> instance = reference.getInstanceName() == null
                    ? form.definition.getMainInstance()
                    : form.definition.getNonMainInstance(reference.getInstanceName());
            AbstractTreeElement<?> at = instance.resolveReference(reference);
            IAnswerData value = at == null || !at.isRelevant() ? null : at.getValue();
            values.add(value == null ? "" : at instanceof TreeElement leaf ? form.text(leaf)
                                                                           : value.getDisplayText());
        }
    }

    private static void scalar(Object value, ObjectNode result) {
        if (value instanceof Boolean truth) {
            result.put("type", "boolean").put("value", truth);
        } else if (value instanceof Number number) {
            double real = number.doubleValue();
            result.put("type", "number");
            if (Double.isNaN(real) || Double.isInfinite(real)) {
                result.put("value", Double.isNaN(real) ? "NaN" : real > 0 ? "Infinity" : "-Infinity");
            } else {
                result.put("value", real);
            }
        } else if (value instanceof Date date) {
            result.put("type", "date")
                    .put("value", new SimpleDateFormat("yyyy-MM-dd'T'HH:mm:ss.SSSXXX").format(date));
        } else if (value instanceof String text) {
            result.put("type", "string").put("value", text);
        } else {
            result.put("type", value == null ? "nothing" : value.getClass().getSimpleName())
                    .put("value", String.valueOf(org.javarosa.xpath.expr.XPathFuncExpr.toString(value)));
        }
    }

    private TreeElement find(TreeElement node, String path) {
        if (LoadedForm.path(node).equals(path)) {
            return node;
        }
        for (TreeElement child : Judge.children(node)) {
            TreeElement found = path.startsWith(LoadedForm.path(child)) ? find(child, path) : null;
            if (found != null) {
                return found;
            }
        }
        return null;
    }
}
