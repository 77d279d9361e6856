import java.util.Map;
import java.util.HashMap;
import org.javarosa.core.model.FormDef;
import org.javarosa.core.model.instance.AbstractTreeElement;
import org.javarosa.core.model.instance.DataInstance;
import org.javarosa.xpath.expr.XPathFuncExpr;

/** pulldata(list, column, key column, key): the first row whose key is it, '' for none. */
final class PullData {
    private PullData() {}

    static void install(FormDef form) {
        Map<String, Map<String, AbstractTreeElement<?>>> indexes = new HashMap<>();
        form.addFunctionHandler(new Pins.Function("pulldata", arguments -> {
            String list = XPathFuncExpr.toString(arguments[0]);
            String column = XPathFuncExpr.toString(arguments[1]);
            String key = XPathFuncExpr.toString(arguments[2]);
            String wanted = XPathFuncExpr.toString(arguments[3]);
            AbstractTreeElement<?> row =
                    indexes.computeIfAbsent(list + "\n" + key, name -> index(form, list, key)).get(wanted);
            return row == null ? "" : cell(row, column);
        }));
    }

    private static Map<String, AbstractTreeElement<?>> index(FormDef form, String list, String key) {
        Map<String, AbstractTreeElement<?>> rows = new HashMap<>();
        DataInstance<?> instance = form.getNonMainInstance(list);
        if (instance == null) {
            throw new IllegalArgumentException("pulldata: no list " + list);
        }
        AbstractTreeElement<?> root = instance.getRoot();
        for (int i = 0; i < root.getNumChildren(); i++) {
            AbstractTreeElement<?> row = (AbstractTreeElement<?>) root.getChildAt(i);
            rows.putIfAbsent(cell(row, key), row);
        }
        return rows;
    }

    private static String cell(AbstractTreeElement<?> row, String column) {
        AbstractTreeElement<?> cell = (AbstractTreeElement<?>) row.getChild(column, 0);
        return cell == null || cell.getValue() == null ? "" : cell.getValue().getDisplayText();
    }
}
