"""Rules about single letters that word processors and Excel slip in."""

import re
from collections.abc import Iterator

from forms.columns import canonical
from forms.lint.form import RULES_IN_ORDER, Form
from forms.lint.remark import Remark, rule
from forms.places import Place

_CODES = frozenset([*RULES_IN_ORDER, "type", "name", "list_name", "appearance", "parameters"])
_QUOTES = re.compile("[\u2018\u2019\u201c\u201d]")
_HIDDEN = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")

SMART_QUOTES = rule(
    "L01", "warning",
    id="tanda kutip miring (\u2018 \u2019 \u201c \u201d) dalam aturan.",
    en="slanted quotes (\u2018 \u2019 \u201c \u201d) in a rule.",
    do_id="Ganti dengan ' atau \"; matikan koreksi otomatis.",
    do_en="Replace them by ' or \"; turn automatic correction off.",
)  # fmt: skip
HARD_BLANK = rule(
    "L02", "warning",
    id="spasi yang tidak dapat dipenggal (nbsp) dalam sel.",
    en="a blank that does not break (nbsp) stands in the cell.",
    do_id="Ganti dengan spasi biasa.",
    do_en="Replace it by an ordinary blank.",
)  # fmt: skip
INVISIBLE = rule(
    "L03", "error",
    id="huruf yang tidak terlihat ({letter}) dalam sel.",
    en="a letter that nobody sees ({letter}) stands in the cell.",
    do_id="Ketik ulang isi sel.",
    do_en="Type the cell anew.",
)  # fmt: skip
BLANKS_AROUND = rule(
    "L04", "advice",
    id="ada spasi sebelum atau sesudah isi sel; tidak ikut dibaca.",
    en="blanks stand before or after the cell's text; they are not read.",
    do_id="Hapus spasinya.",
    do_en="Remove the blanks.",
)  # fmt: skip


def letters(form: Form) -> Iterator[Remark]:
    """Find quotes, blanks and letters that were not typed on purpose."""
    if form.source is None:
        return
    for rows in form.source.sheets.values():
        for row in rows:
            for column, text in row.cells.items():
                yield from _odd(column, text, row.places[column])
    for place in form.source.trimmed:
        yield BLANKS_AROUND.about(place)


def _odd(column: str, text: str, place: Place) -> Iterator[Remark]:
    if _QUOTES.search(text) and canonical(column) in _CODES:
        yield SMART_QUOTES.about(place)
    if "\u00a0" in text:
        yield HARD_BLANK.about(place)
    hidden = _HIDDEN.search(text)
    if hidden:
        yield INVISIBLE.about(place, letter=f"U+{ord(hidden[0]):04X}")
