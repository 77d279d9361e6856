import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.javarosa.core.model.Constants;
import org.javarosa.core.model.FormIndex;
import org.javarosa.core.model.GroupDef;
import org.javarosa.core.model.QuestionDef;
import org.javarosa.core.model.SelectChoice;
import org.javarosa.core.model.data.BooleanData;
import org.javarosa.core.model.data.IAnswerData;
import org.javarosa.core.model.instance.TreeElement;
import org.javarosa.core.model.instance.TreeReference;
import org.javarosa.form.api.FormEntryController;
import org.javarosa.form.api.FormEntryModel;
import org.javarosa.form.api.FormEntryPrompt;

/**
 * One submission, loaded as JavaRosa reopens a saved form, and what JavaRosa makes of each node.
 *
 * <p>relevance: text stored where the node is not relevant, told of the outermost such node ·
 * required, constraint: as FormEntryController.answerQuestion decides · choice: codes that
 * FormEntryPrompt.getSelectChoices does not offer · type: text that the answer parser refuses ·
 * calculation: a node that initialising the form changed · repeat: a repeat that its count wants
 * longer or shorter · unknown: elements that populating the form passes over.
 */
final class Judge {
    static final Set<Integer> SELECTS =
            Set.of(Constants.CONTROL_SELECT_ONE, Constants.CONTROL_SELECT_MULTI, Constants.CONTROL_RANK);
    private final LoadedForm form;
    private final JsonNode request;
    private final Set<List<String>> findings = new LinkedHashSet<>();
    private final Map<String, String> stored = new HashMap<>();
    private final Map<String, String> parsed = new HashMap<>();

    Judge(LoadedForm form, JsonNode request) {
        this.form = form;
        this.request = request;
    }

    void judge(ObjectNode answer) {
        Pins.set(request);
        Object language = request.path("language").asText("");
        if (!"".equals(language) && form.definition.getLocalizer() != null) {
            form.definition.getLocalizer().setLocale((String) language);
        }
        boolean complete = !"irrelevant".equals(request.path("missing").asText());
        TreeElement incoming = form.restore(LoadedForm.utf8(request.path("submission").asText()), complete);
        TreeElement root = form.root();
        if (!incoming.getName().equals(root.getName())) {
            find("/" + incoming.getName(), "unknown");
        }
        strangers(root, incoming);
        remember(root);
        keepTexts(root, incoming);
        Map<TreeElement, IAnswerData> chosen = new HashMap<>();
        form.chosen(root, chosen);
        form.initialize();
        chosen.forEach(TreeElement::setValue); // asking for choices clears what is not among them
        Map<String, String> values = new HashMap<>();
        walk(root, true, values);
        ask();
        counts(root);
        write(answer, values);
    }

    private void write(ObjectNode answer, Map<String, String> values) {
        answer.put("valid", findings.isEmpty());
        ArrayNode list = answer.putArray("findings");
        findings.stream()
                .sorted((a, b) -> a.get(0).equals(b.get(0)) ? a.get(1).compareTo(b.get(1))
                                                           : a.get(0).compareTo(b.get(0)))
                .forEach(one -> list.addObject().put("path", one.get(0)).put("rule", one.get(1)));
        ObjectNode written = answer.putObject("values");
        values.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(one -> written.put(one.getKey(), one.getValue()));
    }

    private void find(String path, String rule) {
        findings.add(List.of(path, rule));
    }

    // -- what was sent ---------------------------------------------------------------------------
    private void strangers(TreeElement node, TreeElement incoming) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < incoming.getNumChildren(); i++) {
            TreeElement child = incoming.getChildAt(i);
            TreeElement known = known(node, child);
            if (known == null) {
                find(LoadedForm.path(node) + "/" + child.getName(), "unknown");
            } else if (!known.isRepeatable() && !seen.add(child.getName())) {
                find(LoadedForm.path(known), "unknown");
            } else if (known.isRepeatable()) {
                TreeElement instance = node.getChild(child.getName(), child.getMult());
                strangers(instance, child);
            } else {
                strangers(known, child);
            }
        }
    }

    private static TreeElement known(TreeElement node, TreeElement child) {
        List<TreeElement> instances = node.getChildrenWithName(child.getName());
        return instances.isEmpty() ? null : instances.get(0);
    }

    private void keepTexts(TreeElement node, TreeElement incoming) {
        if (!node.hasChildren()) {
            IAnswerData value = incoming.getValue();
            stored.put(LoadedForm.path(node), value == null ? "" : value.getDisplayText().trim());
            return;
        }
        for (int i = 0; i < node.getNumChildren(); i++) {
            TreeElement child = node.getChildAt(i);
            if (child.getMult() != TreeReference.INDEX_TEMPLATE) {
                TreeElement given = incoming.getChild(child.getName(), child.getMult());
                if (given != null) {
                    keepTexts(child, given);
                }
            }
        }
    }

    private void remember(TreeElement node) {
        if (!node.hasChildren()) {
            parsed.put(LoadedForm.path(node), form.text(node));
        }
        for (TreeElement child : children(node)) {
            remember(child);
        }
    }

    static String generic(TreeElement node) {
        return LoadedForm.path(node).replaceAll("\\[\\d+\\]", "");
    }

    // -- what JavaRosa makes of it ---------------------------------------------------------------
    private void walk(TreeElement node, boolean around, Map<String, String> values) {
        boolean relevant = node.isRelevant();
        if (!relevant && around && answered(node)) {
            find(LoadedForm.path(node), "relevance");
        }
        if (relevant && !node.hasChildren()) {
            leaf(node, values);
        }
        for (TreeElement child : children(node)) {
            walk(child, relevant && around, values);
        }
    }

    private void leaf(TreeElement node, Map<String, String> values) {
        String path = LoadedForm.path(node);
        String before = parsed.getOrDefault(path, "");
        String after = form.text(node);
        boolean spaced = !before.equals(after) && before.strip().equals(after.strip());
        boolean same = before.equals(after) || spaced || sameNumber(before, after)
                || node.getValue() instanceof BooleanData && sameTruth(before, after)
                || form.volatiles.contains(generic(node));
        values.put(path, same && !spaced ? stored.getOrDefault(path, after) : after);
        if (!same) {
            find(path, "calculation");
        }
    }

    /** A decimal that comes out whole is written without its point by a calculation alone. */
    private static boolean sameNumber(String one, String other) {
        if (one.matches("\\d+") && other.matches("\\d+")) {
            return false; // codes of sixteen digits are no nearer to each other for being long
        }
        try {
            double left = Double.parseDouble(one);
            double right = Double.parseDouble(other);
            return Double.isFinite(left) && Double.isFinite(right)
                    && Math.abs(left - right) <= 1e-9 * Math.max(1, Math.abs(left));
        } catch (NumberFormatException notNumbers) {
            return false;
        }
    }

    /** A calculated truth value is accepted in either spelling. */
    private static boolean sameTruth(String one, String other) {
        return "true".equals(one) && "1".equals(other) || "false".equals(one) && "0".equals(other);
    }

    private boolean answered(TreeElement node) {
        if (!stored.getOrDefault(LoadedForm.path(node), "").isEmpty()) {
            return true;
        }
        return children(node).stream().anyMatch(this::answered);
    }

    static List<TreeElement> children(TreeElement node) {
        List<TreeElement> found = new java.util.ArrayList<>();
        for (int i = 0; i < node.getNumChildren(); i++) {
            TreeElement child = node.getChildAt(i);
            if (child.getMult() != TreeReference.INDEX_TEMPLATE) {
                found.add(child);
            }
        }
        return found;
    }

    // -- what a person would be asked ------------------------------------------------------------
    private void ask() {
        FormEntryModel model = new FormEntryModel(form.definition);
        Set<String> types = new HashSet<>(form.refused);
        FormIndex index = FormIndex.createBeginningOfFormIndex();
        Set<String> asked = new HashSet<>();
        for (index = model.incrementIndex(index); index.isInForm(); index = model.incrementIndex(index)) {
            if (!model.isIndexRelevant(index)) {
                continue;
            }
            switch (model.getEvent(index)) {
                case FormEntryController.EVENT_QUESTION -> {
                    FormEntryPrompt prompt = model.getQuestionPrompt(index);
                    question(prompt, index.getReference(), asked);
                }
                case FormEntryController.EVENT_PROMPT_NEW_REPEAT -> wanted(index);
                case FormEntryController.EVENT_REPEAT -> surplus(index);
                default -> { }
            }
        }
        for (String path : types) {
            TreeElement node = asked.contains(path) ? null : at(form.root(), path);
            if (node != null && relevant(node)) {
                find(path, "type");
            }
        }
    }

    private static boolean relevant(TreeElement node) {
        return node.isRelevant();
    }

    private TreeElement at(TreeElement node, String path) {
        if (LoadedForm.path(node).equals(path)) {
            return node;
        }
        return children(node).stream()
                .filter(child -> path.startsWith(LoadedForm.path(child)))
                .map(child -> at(child, path))
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private void question(FormEntryPrompt prompt, TreeReference reference, Set<String> asked) {
        TreeElement node = form.definition.getMainInstance().resolveReference(reference);
        String path = LoadedForm.path(node);
        IAnswerData value = node.getValue();
        if (value == null) {
            if (node.isRequired()) {
                find(path, "required");
            }
            return;
        }
        QuestionDef question = prompt.getQuestion();
        if (SELECTS.contains(question.getControlType())) {
            asked.add(path);
            if (!offered(prompt, node, stored.getOrDefault(path, form.text(node)))) {
                find(path, "choice");
            }
            node.setValue(value);
        } else if (form.refused.contains(path)) {
            return;
        }
        if (!form.definition.evaluateConstraint(reference, value)) {
            find(path, "constraint");
        }
    }

    private boolean offered(FormEntryPrompt prompt, TreeElement node, String text) {
        Set<String> codes = new HashSet<>();
        for (SelectChoice choice : prompt.getSelectChoices()) {
            codes.add(choice.getValue());
        }
        if (prompt.getControlType() == Constants.CONTROL_SELECT_ONE) {
            return codes.contains(text);
        }
        List<String> given = Arrays.asList(text.trim().split("\\s+"));
        return codes.containsAll(given) && new HashSet<>(given).size() == given.size();
    }

    // -- repeats ---------------------------------------------------------------------------------
    private void wanted(FormIndex index) {
        GroupDef group = (GroupDef) form.definition.getChild(index);
        TreeReference reference = form.definition.getChildInstanceRef(index);
        if (group.getCountReference() == null) {
            return;
        }
        boolean fixed = group.noAddRemove;
        group.noAddRemove = true; // else a person may always add one more, beyond the count
        if (form.definition.canCreateRepeat(reference, index)) {
            findRepeat(reference);
        }
        group.noAddRemove = fixed;
    }

    private void surplus(FormIndex index) {
        GroupDef group = (GroupDef) form.definition.getChild(index);
        TreeReference reference = form.definition.getChildInstanceRef(index);
        if (group.getCountReference() != null && !form.definition.canCreateRepeat(reference, index)) {
            findRepeat(reference);
        }
    }

    private void findRepeat(TreeReference reference) {
        TreeElement parent =
                form.definition.getMainInstance().resolveReference(reference.getParentRef());
        find(LoadedForm.path(parent) + "/" + reference.getNameLast(), "repeat");
    }

    /** Repeats without a count that a person can neither lengthen nor shorten. */
    private void counts(TreeElement root) {
        for (GroupDef group : groups(form.definition)) {
            if (group.getRepeat() && group.noAddRemove && group.getCountReference() == null) {
                TreeReference reference = (TreeReference) group.getBind().getReference();
                int fixed = form.pristineCount(reference);
                for (TreeElement parent : form.parents(reference)) {
                    List<TreeElement> present = parent.getChildrenWithName(reference.getNameLast());
                    if (parent.isRelevant() && present.size() != fixed
                            && (present.isEmpty() || present.stream().anyMatch(TreeElement::isRelevant))) {
                        find(LoadedForm.path(parent) + "/" + reference.getNameLast(), "repeat");
                    }
                }
            }
        }
    }

    private static List<GroupDef> groups(org.javarosa.core.model.IFormElement element) {
        List<GroupDef> found = new java.util.ArrayList<>();
        if (element.getChildren() == null) {
            return found;
        }
        for (org.javarosa.core.model.IFormElement child : element.getChildren()) {
            if (child instanceof GroupDef group) {
                found.add(group);
                found.addAll(groups(group));
            }
        }
        return found;
    }
}
