"""Rules about entities that answers create and update."""

from collections.abc import Iterator

from forms.lint.form import Form, Rule
from forms.lint.remark import Remark, rule
from forms.lint.trees import calls, resolved, walk
from forms.xpath.syntax import Expr, Path

ID_EMPTY = rule(
    "N01", "error",
    id="entitas dapat dibuat baru, tetapi entity_id-nya kosong bila belum ada.",
    en="the entity may be new, but its entity_id is then empty.",
    do_id="Tulis coalesce({text}, once(uuid())).",
    do_en="Write coalesce({text}, once(uuid())).",
)  # fmt: skip


def ids(form: Form) -> Iterator[Remark]:
    """Find entities that are created with the id of none."""
    rows = form.source.rows("entities") if form.source else ()
    trees = {each.place: each for each in form.more if each.column == "entity_id"}
    for row in rows:
        each = trees.get(row.places.get("entity_id"))
        if each is None or "create_if" not in row.cells:
            continue
        if next(calls(_written_out(form, each), "uuid"), None) is None:
            yield ID_EMPTY.about(each.place, text=each.text)


def _written_out(form: Form, each: Rule) -> tuple[Expr, ...]:
    """Give the expression with those of the calculations that it needs."""
    trees, ahead, seen = [], [each.tree], set()
    while ahead:
        tree = ahead.pop()
        trees.append(tree)
        for part in walk(tree):
            named = form.by_path.get(resolved("", part)) if isinstance(part, Path) else None
            if named and "calculation" in named.rules and named.path not in seen:
                seen.add(named.path)
                ahead.append(named.rules["calculation"].tree)
    return tuple(trees)
