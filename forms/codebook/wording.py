"""The turns of phrase of a codebook, in the two languages of the census."""

from collections.abc import Mapping, Sequence

INDONESIAN, ENGLISH = "id", "en"
LANGUAGES = (INDONESIAN, ENGLISH)

_PHRASES: Mapping[str, tuple[str, str]] = {
    # whole sentences
    "everyone": ("Semua unit.", "Every unit."),
    "nobody": ("Tidak pernah.", "Never."),
    "asked_if": ("Hanya bila {0}.", "Asked only if {0}."),
    "required": ("Wajib diisi.", "Required."),
    "required_if": ("Wajib diisi bila {0}.", "Required if {0}."),
    "repeated": ("Diulang sebanyak {0}.", "Repeated as many times as {0}."),
    "label_of": ("{0} (dalam kata)", "{0} (in words)"),
    "list_named": ("Kode dari daftar {0}.", "Codes from the list {0}."),
    "list_held": (
        "Kode dari daftar {0}: {1} baris, berlaku sejak {2}.",
        "Codes from the list {0}: {1} rows, in force since {2}.",
    ),
    # joining
    "and": ("dan", "and"),
    "or": ("atau", "or"),
    "nor": ("dan bukan", "or"),
    "denied": ("tidak berlaku bahwa ({0})", "it does not hold that ({0})"),
    "always": ("selalu", "always"),
    "never": ("tidak pernah", "never"),
    # of one question
    "subject": ("isian ini", "the answer"),
    "blank": ("{0} kosong", "{0} is empty"),
    "answered": ("{0} terisi", "{0} is answered"),
    "is": ("{0} adalah {1}", "{0} is {1}"),
    "is_not": ("{0} bukan {1}", "{0} is not {1}"),
    "chosen": ("pada {0} dipilih {1}", "{1} is selected in {0}"),
    "not_chosen": ("pada {0} tidak dipilih {1}", "{1} is not selected in {0}"),
    "or_blank": ("{0} atau kosong", "{0} or is empty"),
    "and_answered": ("{0} terisi dan {1}", "{0} is answered and {1}"),
    # comparisons
    "=": ("{0} sama dengan {1}", "{0} equals {1}"),
    "!=": ("{0} tidak sama dengan {1}", "{0} differs from {1}"),
    "<": ("{0} kurang dari {1}", "{0} is less than {1}"),
    "<=": ("{0} paling banyak {1}", "{0} is at most {1}"),
    ">": ("{0} lebih dari {1}", "{0} is more than {1}"),
    ">=": ("{0} paling sedikit {1}", "{0} is at least {1}"),
    "between": ("{0} antara {1} dan {2}", "{0} lies between {1} and {2}"),
    "date<": ("{0} sebelum {1}", "{0} is before {1}"),
    "date<=": ("{0} paling lambat {1}", "{0} is {1} or earlier"),
    "date>": ("{0} sesudah {1}", "{0} is after {1}"),
    "date>=": ("{0} paling awal {1}", "{0} is {1} or later"),
    "whole": ("{0} bilangan bulat", "{0} is a whole number"),
    "pattern": ("{0} berbentuk {1}", "{0} has the form {1}"),
    "no_pattern": ("{0} tidak berbentuk {1}", "{0} does not have the form {1}"),
    "contains": ("{0} memuat {1}", "{0} contains {1}"),
    "starts-with": ("{0} diawali {1}", "{0} begins with {1}"),
    "ends-with": ("{0} diakhiri {1}", "{0} ends with {1}"),
    # operands
    "if": ("{1} bila {0}, selain itu {2}", "{1} if {0}, otherwise {2}"),
    "looked_up": ("`{1}` dari daftar `{0}` untuk {2}", "`{1}` in the list `{0}` for {2}"),
    "today": ("hari ini", "today"),
    "now": ("saat ini", "now"),
    "string-length": ("panjang {0} (huruf)", "the length of {0} (characters)"),
    "count-selected": ("banyaknya pilihan pada {0}", "the number of choices in {0}"),
    "count": ("banyaknya {0}", "the number of {0}"),
    "count-non-empty": ("banyaknya {0} yang terisi", "the number of answered {0}"),
    "sum": ("jumlah {0}", "the sum of {0}"),
    "min": ("nilai terkecil {0}", "the smallest {0}"),
    "max": ("nilai terbesar {0}", "the largest {0}"),
    "round": ("{0} dibulatkan ke {1} desimal", "{0} rounded to {1} decimals"),
    "int": ("{0} dibulatkan ke bawah", "{0} rounded down"),
    "coalesce": ("{0} (bila kosong: {1})", "{0} (if empty: {1})"),
    "selected-at": ("bagian ke-{1} dari {0}", "part {1} of {0}"),
    "position": ("nomor urut {0}", "the number of the {0}"),
    "indexed-repeat": ("{0} pada {1} ke-{2}", "{0} of {1} number {2}"),
    "joined": ("gabungan {0}", "{0} joined"),
    "from_character": ("{0} mulai huruf ke-{1}", "{0} from character {1} on"),
    "characters": ("huruf ke-{1} sampai ke-{2} dari {0}", "characters {1} to {2} of {0}"),
    "rounded": ("{0} dibulatkan", "{0} rounded"),
    "exactly_if": ("{0} tepat bila {1}", "{0} exactly if {1}"),
    "nothing": ("kosong", "nothing"),
    # forms of text
    "digits": ("{0} angka", "{0} digits"),
    "letters": ("{0} huruf", "{0} letters"),
    "digit": ("1 angka", "1 digit"),
    "letter": ("1 huruf", "1 letter"),
    "digit_of": ("1 angka dari {0}", "1 digit of {0}"),
    "through": ("{0}\N{EN DASH}{1}", "{0}\N{EN DASH}{1}"),
    "from_to": ("{0} sampai {1}", "{0} to {1}"),
    "or_more": ("{0} atau lebih", "{0} or more"),
    "then": ("lalu", "then"),
}


def phrase(language: str, name: str, *parts: str) -> str:
    """Give a phrase with its parts filled in; any language but Indonesian is English."""
    indonesian, english = _PHRASES[name]
    return (indonesian if language == INDONESIAN else english).format(*parts)


def listed(language: str, parts: Sequence[str], joint: str) -> str:
    """Join parts as a sentence does: A, B dan C; with semicolons where a part has commas."""
    if len(parts) <= 1:
        return "".join(parts)
    last = phrase(language, joint)
    if any(", " in part for part in parts):
        return f"{'; '.join(parts[:-1])}; {last} {parts[-1]}"
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def quoted(text: str) -> str:
    """Put a label into quotation marks."""
    return f"\N{LEFT SINGLE QUOTATION MARK}{text}\N{RIGHT SINGLE QUOTATION MARK}"


def grouped(language: str, number: str) -> str:
    """Write a number with the thousands apart as the language does: 2.000.000 and 2,000,000."""
    whole, _, part = number.partition(".")
    if not whole.removeprefix("-").isdecimal():
        return number
    far = len(whole.removeprefix("-")) > 4  # noqa: PLR2004 - years and codes stay together
    text = f"{int(whole):,}" if far else whole
    if language == INDONESIAN:
        text = text.replace(",", ".")
    point = "," if language == INDONESIAN else "."
    return f"{text}{point}{part}" if part else text
