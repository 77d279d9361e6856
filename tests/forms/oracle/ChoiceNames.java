import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.javarosa.core.model.condition.EvaluationContext;
import org.javarosa.core.model.condition.IFunctionHandler;
import org.javarosa.core.model.data.IAnswerData;
import org.javarosa.core.model.instance.TreeElement;

/**
 * jr:choice-name without its side effect: looking for the name of an answer that is not among the
 * choices clears the answer, and what else is calculated then depends on the order of a hash.
 */
record ChoiceNames(LoadedForm form, IFunctionHandler original) implements IFunctionHandler {
    @Override
    public String getName() {
        return original.getName();
    }

    @Override
    public List<Class[]> getPrototypes() {
        return original.getPrototypes();
    }

    @Override
    public boolean rawArgs() {
        return original.rawArgs();
    }

    @Override
    public boolean realTime() {
        return original.realTime();
    }

    @Override
    public Object eval(Object[] arguments, EvaluationContext context) {
        Map<TreeElement, IAnswerData> chosen = new HashMap<>();
        form.chosen(form.root(), chosen);
        try {
            return original.eval(arguments, context);
        } finally {
            chosen.forEach(TreeElement::setValue);
        }
    }
}
