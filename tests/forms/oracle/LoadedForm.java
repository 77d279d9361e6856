import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.javarosa.core.model.FormDef;
import org.javarosa.core.model.IFormElement;
import org.javarosa.core.model.QuestionDef;
import org.javarosa.core.model.condition.IFunctionHandler;
import org.javarosa.core.model.data.IAnswerData;
import org.javarosa.core.model.data.StringData;
import org.javarosa.core.model.instance.InstanceInitializationFactory;
import org.javarosa.core.model.instance.TreeElement;
import org.javarosa.core.model.instance.TreeReference;
import org.javarosa.core.model.instance.utils.DefaultAnswerResolver;
import org.javarosa.core.reference.PrefixedRootFactory;
import org.javarosa.core.reference.Reference;
import org.javarosa.core.reference.ReferenceManager;
import org.javarosa.model.xform.XFormSerializingVisitor;
import org.javarosa.xform.parse.XFormParser;
import org.javarosa.xform.util.XFormAnswerDataSerializer;

/** A form as JavaRosa read it, and its instance before anybody answered. */
final class LoadedForm {
    final FormDef definition;
    final TreeElement pristine;
    final Set<String> refused = new HashSet<>(); // paths whose stored text JavaRosa cannot take
    final Set<String> volatiles = new HashSet<>(); // calculations by chance keep what was stored
    final Set<String> selects = new HashSet<>(); // paths of closed questions that nothing calculates
    private static final Pattern CHANCE =
            Pattern.compile("calculate=\"([^\"]*\\b(?:random|uuid)\\([^\"]*)\"");
    private static final Pattern NODESET = Pattern.compile("nodeset=\"([^\"]*)\"");
    private final XFormAnswerDataSerializer serializer = new XFormAnswerDataSerializer();

    private LoadedForm(FormDef definition, File media) {
        this.definition = definition;
        this.pristine = definition.getMainInstance().getRoot().deepCopy(true);
        Pins.install(definition);
        PullData.install(definition, media);
        IFunctionHandler names =
                definition.getEvaluationContext().getFunctionHandlers().get("jr:choice-name");
        if (names != null) {
            definition.addFunctionHandler(new ChoiceNames(this, names));
        }
    }

    static LoadedForm load(String xml, String media) throws Exception {
        ReferenceManager references = ReferenceManager.instance();
        references.reset();
        references.addReferenceFactory(new Media(new File(media)));
        Matcher chances = CHANCE.matcher(xml);
        String kept = chances.replaceAll("calculate=\"once($1)\"")
                // what is set at every opening was set on the device, and answered over since
                .replace("odk-instance-load", "odk-instance-first-load");
        LoadedForm form = new LoadedForm(
                new XFormParser(new StringReader(kept)).parse(), new File(media));
        for (QuestionDef question : form.questions()) {
            if (Judge.SELECTS.contains(question.getControlType())) {
                form.selects.add(((TreeReference) question.getBind().getReference()).toString(false));
            }
        }
        Matcher binds = Pattern.compile("<bind\\b[^>]*nodeset=[^>]*>").matcher(xml);
        while (binds.find()) {
            Matcher path = NODESET.matcher(binds.group());
            if (path.find() && CHANCE.matcher(binds.group()).find()) {
                form.volatiles.add(path.group(1));
            }
            if (binds.group().contains("calculate=")) {
                form.selects.remove(path.group(1));
            }
        }
        return form;
    }

    void describe(ObjectNode answer) {
        answer.put("title", definition.getTitle());
        answer.put("questions", definition.getDeepChildCount());
        answer.put("name", pristine.getName());
    }

    /** Put a fresh instance into the form, as when a person opens it for the first time. */
    void open() {
        definition.getMainInstance().setRoot(pristine.deepCopy(true));
        definition.initialize(true, new InstanceInitializationFactory());
    }

    /** Lay a submission into the form without evaluating anything; what is absent is empty. */
    TreeElement restore(byte[] submission, boolean complete) {
        TreeElement incoming = XFormParser.restoreDataModel(submission, null).getRoot();
        TreeElement root = pristine.deepCopy(true);
        if (complete) {
            complete(root, incoming);
        }
        refused.clear();
        XFormParser.setAnswerResolver(this::resolve);
        try {
            root.populate(incoming, definition);
        } finally {
            XFormParser.setAnswerResolver(null);
        }
        definition.getMainInstance().setRoot(root);
        return incoming;
    }

    private IAnswerData resolve(String text, TreeElement node, FormDef form) {
        IAnswerData value = null;
        try {
            value = new DefaultAnswerResolver().resolveAnswer(text, node, form);
        } catch (RuntimeException notOfTheType) {
            value = null;
        }
        if (value == null && !text.isBlank()) {
            refused.add(path(node));
            return new StringData(text);
        }
        return value;
    }

    /** Add what a submission leaves out, unanswered: JavaRosa takes what is absent as irrelevant. */
    private static void complete(TreeElement form, TreeElement incoming) {
        for (int i = 0; i < form.getNumChildren(); i++) {
            TreeElement child = form.getChildAt(i);
            List<TreeElement> given = incoming.getChildrenWithName(child.getName());
            if (given.isEmpty() && !child.isRepeatable() && incoming.isChildable()) {
                incoming.addChild(new TreeElement(child.getName(), 0));
                given = incoming.getChildrenWithName(child.getName());
            }
            if (child.hasChildren()) {
                given.forEach(one -> complete(child, one));
            }
        }
    }

    /** Gather the answers to closed questions. */
    void chosen(TreeElement node, Map<TreeElement, IAnswerData> found) {
        if (node.getValue() != null && selects.contains(Judge.generic(node))) {
            found.put(node, node.getValue());
        }
        Judge.children(node).forEach(child -> chosen(child, found));
    }

    void initialize() {
        definition.initialize(false, new InstanceInitializationFactory());
    }

    byte[] serialize() throws IOException {
        return new XFormSerializingVisitor().serializeInstance(definition.getMainInstance());
    }

    /** The text that JavaRosa would write for a value; '' for none. */
    String text(TreeElement node) {
        IAnswerData value = node.getValue();
        if (value == null) {
            return "";
        }
        Object written = serializer.serializeAnswerData(value, node.getDataType());
        return written == null ? "" : written.toString();
    }

    TreeElement root() {
        return definition.getMainInstance().getRoot();
    }

    /** The path with positions in repeats alone: /data/visit[2]/result. */
    static String path(TreeElement node) {
        TreeReference reference = node.getRef();
        StringBuilder path = new StringBuilder();
        List<TreeElement> chain = new ArrayList<>();
        TreeElement at = node;
        while (at != null && at.getName() != null) {
            chain.add(0, at);
            at = (TreeElement) at.getParent();
        }
        for (TreeElement one : chain) {
            path.append('/').append(one.getName());
            if (one.isRepeatable()) {
                path.append('[').append(one.getMult() + 1).append(']');
            }
        }
        return path.length() > 0 ? path.toString() : reference.toString(false);
    }

    /** Every question of the form, whether or not it is asked. */
    List<QuestionDef> questions() {
        List<QuestionDef> found = new ArrayList<>();
        gather(definition, found);
        return found;
    }

    private static void gather(IFormElement element, List<QuestionDef> found) {
        if (element instanceof QuestionDef question) {
            found.add(question);
        } else if (element.getChildren() != null) {
            element.getChildren().forEach(child -> gather(child, found));
        }
    }

    /** jr:// addresses that lead into one folder. */
    private static final class Media extends PrefixedRootFactory {
        private final File folder;

        Media(File folder) {
            super(new String[] {"file/", "file-csv/", "images/", "audio/", "video/", "instance/"});
            this.folder = folder;
        }

        @Override
        protected Reference factory(String terminal, String uri) {
            return new MediaFile(new File(folder, terminal), uri);
        }
    }

    /** One file of that folder. */
    private record MediaFile(File file, String uri) implements Reference {
        @Override
        public boolean doesBinaryExist() {
            return file.exists();
        }

        @Override
        public InputStream getStream() throws IOException {
            return new FileInputStream(file);
        }

        @Override
        public String getURI() {
            return uri;
        }

        @Override
        public String getLocalURI() {
            return file.getAbsolutePath();
        }

        @Override
        public boolean isReadOnly() {
            return true;
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            throw new IOException("media are read only");
        }

        @Override
        public void remove() {}

        @Override
        public Reference[] probeAlternativeReferences() {
            return new Reference[0];
        }
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** How many instances of a repeat the form itself holds. */
    int pristineCount(TreeReference repeat) {
        TreeElement at = pristine;
        for (int level = 1; level < repeat.size() - 1; level++) {
            at = at.getChildrenWithName(repeat.getName(level)).get(0);
        }
        return at.getChildrenWithName(repeat.getNameLast()).size();
    }

    /** Every node that holds instances of a repeat. */
    List<TreeElement> parents(TreeReference repeat) {
        List<TreeElement> found = List.of(root());
        for (int level = 1; level < repeat.size() - 1; level++) {
            String name = repeat.getName(level);
            found = found.stream().flatMap(one -> one.getChildrenWithName(name).stream()).toList();
        }
        return found;
    }
}
