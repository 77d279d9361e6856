"""What must hold of every record, however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.features import FIELDS, Features
from matching.normalise import features_of
from matching.record import FIELD, Record
from matching.tables import SCHEMA, from_table, to_table

ANYTHING = st.one_of(
    st.none(),
    st.text(max_size=80),
    st.text("ABIKORTUW 0123456789./-(),'#&:IVX", max_size=60),
    st.lists(
        st.sampled_from(
            ["TOKO", "JL.", "GG", "RT", "RW", "NO", "BLOK", "3", "05", "H.", "BU", "(SITI)", "CV",
             "/", "PASAR", "MOCH.", "II", "CABANG", "LAUNDRI", "KEL", "B-12", "0812", "II", ","]
        )
    ).map(" ".join),
)  # fmt: skip
NUMBERS = st.one_of(st.none(), st.floats(), st.floats(-12, 145))


@st.composite
def records(draw: st.DrawFn) -> Record:
    texts = ("enumerator", "name", "owner", "address", "phone", "nib", "kbli", "sls")
    numbers = ("latitude", "longitude", "accuracy")
    return Record(
        record_id="1",
        source=FIELD,
        **{field: draw(ANYTHING) for field in texts},
        **{field: draw(NUMBERS) for field in numbers},
    )


def features(**known: str | float | None) -> Features:
    return features_of(Record(record_id="1", source=FIELD, **known))  # type: ignore[arg-type]


@given(records())
def test_no_record_is_too_odd(record: Record) -> None:
    made = features_of(record)
    for field in FIELDS:
        value = getattr(made, field)
        assert value != ""
        if isinstance(value, str) and field != "enumerator":
            assert value.isascii()
            assert value == value.strip()
    assert list(made.bag) == sorted(set(made.bag))
    assert all(made.bag)


@given(records())
def test_equal_records_give_equal_features_whatever_was_read_before(record: Record) -> None:
    assert features_of(record) == features_of(record)


@given(st.lists(records(), max_size=4))
def test_a_table_gives_back_what_went_in(many: list[Record]) -> None:
    made = [features_of(record) for record in many]
    table = to_table(made)
    assert table.schema == SCHEMA
    assert list(from_table(table)) == made


@given(st.sampled_from(["name", "owner", "address", "phone", "nib"]), ANYTHING)
def test_case_and_spaces_around_say_nothing(field: str, text: str | None) -> None:
    if text is None or not text.isascii():
        return
    assert features(**{field: f"  {text.lower()} "}) == features(**{field: text.upper()})


@pytest.mark.parametrize(
    "text",
    ["", " ", "-", "--", ".", "0", "000000", "N/A", "n.a.", "Tidak ada", "TDK ADA", "9999", "7777",
     "8888", "xxx", "???", "null", "None", "tanpa nama", "belum ada", "(-)", "99999999"],
)  # fmt: skip
def test_placeholders_and_sentinels_say_nothing(text: str) -> None:
    nothing = features()
    for field in ("name", "owner", "address", "phone", "nib", "kbli", "sls"):
        assert features(**{field: text}) == nothing, field


def test_exchanged_fields_are_put_right() -> None:
    right = features(name="WARUNG SEDAP", owner="SITI AMINAH")
    assert features(name="SITI AMINAH", owner="WARUNG SEDAP") == right


@pytest.mark.parametrize(
    "name",
    ["TOKO ABADI (SITI)", "TOKO ABADI (BU SITI)", "TOKO ABADI / SITI", "TOKO ABADI MILIK BU SITI",
     "TOKO ABADI A/N SITI", "TOKO ABADI [SITI"],
)  # fmt: skip
def test_an_owner_in_the_name_is_found(name: str) -> None:
    made = features(name=name)
    assert (made.name, made.owner, made.bag) == ("ABADI", "SITI", ("ABD", "ST"))


def test_an_owner_in_the_name_does_not_replace_the_one_told() -> None:
    assert features(name="TOKO ABADI (SITI)", owner="SITI AMINAH").owner == "SITI AMINAH"
