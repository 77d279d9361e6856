"""Rules about a new version held against the one before."""

from collections.abc import Iterator, Mapping

from forms.itext import language_code
from forms.lint.form import Form
from forms.lint.remark import Remark, rule

CODE_REUSED = rule(
    "K01", "error",
    id="kode {code} dari {name} berarti “{new}”, dahulu “{old}”.",
    en="the code {code} of {name} means “{new}”, formerly “{old}”.",
    do_id="Beri arti baru kode yang belum pernah dipakai.",
    do_en="Give the new meaning a code that was never used.",
)  # fmt: skip
CODE_REMOVED = rule(
    "K02", "advice",
    id="kode {code} (“{old}”) dari {name} dihapus; dokumen lama masih memakainya.",
    en="the code {code} (“{old}”) of {name} is gone; old documents still have it.",
    do_id="Biarkan bila memang tidak ditawarkan lagi.",
    do_en="Leave it so where it is no longer offered.",
)  # fmt: skip
TYPE_CHANGED = rule(
    "K03", "warning",
    id="{name} bertipe {new}, dahulu {old}; dokumen lama tidak sebanding.",
    en="{name} is of type {new}, formerly {old}; old documents do not compare.",
    do_id="Beri pertanyaan yang berubah nama baru.",
    do_en="Give the changed question a new name.",
)  # fmt: skip
VERSION_NOT_RAISED = rule(
    "K04", "error",
    id="versi {new} tidak lebih tinggi daripada {old} yang sudah ada.",
    en="the version {new} is not higher than {old}, which exists.",
    do_id="Naikkan versi pada lembar settings.",
    do_en="Raise the version on the settings sheet.",
)  # fmt: skip


def changes(form: Form, before: Form) -> Iterator[Remark]:
    """Find what a new version makes of old codes and types."""
    for question in form.questions:
        old = before.by_path.get(question.path)
        if old is None or not question.is_leaf:
            continue
        if old.type != question.type:
            yield TYPE_CHANGED.about(
                question.place("type"), question.path,
                name=question.name, new=question.type, old=old.type,
            )  # fmt: skip
    for name, labels in _labels(before).items():
        now = _labels(form).get(name)
        if now is None:
            continue
        for code, old_texts in labels.items():
            yield from _changed(form, name, code, (old_texts, now.get(code)))


def versions(form: Form, version: str) -> Iterator[Remark]:
    """Find a version that does not come after the one before."""
    rows = form.source.rows("settings") if form.source else ()
    new = rows[0].cells.get("version", "") if rows else ""
    if new and version and not is_higher(new, version):
        yield VERSION_NOT_RAISED.about(rows[0].places["version"], new=new, old=version)


def _labels(form: Form) -> dict[str, dict[str, dict[str, str]]]:
    """Labels by question, code and language: lists may change their names."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for question in form.questions:
        each = form.lists.get(question.list)
        if each is not None:
            labels = {code: _by_code(texts) for code, texts in each.labels.items()}
            found[question.path] = labels
    return found


def _by_code(texts: Mapping[str, str]) -> dict[str, str]:
    return {language_code(language): text for language, text in texts.items()}


def _changed(
    form: Form, path: str, code: str, texts: tuple[dict[str, str], dict[str, str] | None]
) -> Iterator[Remark]:
    old, new = texts
    question = form.by_path[path]
    each = form.lists[question.list]
    told = next(iter(old.values()), "")
    if new is None:
        yield CODE_REMOVED.about(
            question.place("type"), path, name=question.name, code=code, old=told
        )
        return
    if all(_plain(old[language]) != _plain(new.get(language, "")) for language in old) and old:
        yield CODE_REUSED.about(
            each.place(code), path,
            name=question.name, code=code, new=next(iter(new.values()), ""), old=told,
        )  # fmt: skip


def _plain(text: str) -> str:
    return " ".join(text.lower().split()).rstrip(".")


def is_higher(new: str, old: str) -> bool:
    """Whether a version comes after another: as numbers where both are, else as texts."""
    if new.isdigit() and old.isdigit():
        return int(new) > int(old)
    return new > old
