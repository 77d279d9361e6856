import java.io.File;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.javarosa.core.model.FormDef;
import org.javarosa.core.model.instance.AbstractTreeElement;
import org.javarosa.core.model.instance.CsvExternalInstance;
import org.javarosa.core.model.instance.DataInstance;
import org.javarosa.xpath.expr.XPathFuncExpr;

/** pulldata(list, column, key column, key): the first row whose key is it, '' for none. */
final class PullData {
    private PullData() {}

    static void install(FormDef form, File media) {
        Map<String, Map<String, AbstractTreeElement<?>>> indexes = new HashMap<>();
        form.addFunctionHandler(new Pins.Function("pulldata", arguments -> {
            String list = XPathFuncExpr.toString(arguments[0]);
            String column = XPathFuncExpr.toString(arguments[1]);
            String key = XPathFuncExpr.toString(arguments[2]);
            String wanted = XPathFuncExpr.toString(arguments[3]);
            AbstractTreeElement<?> row =
                    indexes.computeIfAbsent(list + "\n" + key, name -> index(rows(form, media, list), key)).get(wanted);
            return row == null ? "" : cell(row, column);
        }));
    }

    private static AbstractTreeElement<?> rows(FormDef form, File media, String list) {
        DataInstance<?> instance = form.getNonMainInstance(list);
        if (instance != null) {
            return instance.getRoot();
        }
        try {
            return new CsvExternalInstance().parse(list, new File(media, list + ".csv").getPath());
        } catch (IOException missing) {
            throw new IllegalArgumentException("pulldata: no list " + list);
        }
    }

    private static Map<String, AbstractTreeElement<?>> index(AbstractTreeElement<?> root, String key) {
        Map<String, AbstractTreeElement<?>> rows = new HashMap<>();
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
