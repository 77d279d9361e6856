from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from matching.batch.errors import BadInput
from matching.batch.files import Read, read_records

HEADER = "record_id,source,enumerator,name,owner,address,phone,nib,lat,lon,kbli,sls\n"


def read_csv(tmp_path: Path, text: str, encoding: str = "utf-8") -> Read:
    path = tmp_path / "records.csv"
    path.write_bytes(text.encode(encoding))
    return read_records(path)


def test_codes_of_a_csv_file_stay_text(tmp_path: Path) -> None:
    read = read_csv(
        tmp_path,
        HEADER + "0007,field,p1,WARUNG,SRI,,081234567890,0220001112223,-6.9,109.6,01111,"
        "3375010001000200\n",
    )
    [row] = read.records.to_pylist()
    assert row["record_id"] == "0007"
    assert row["phone"] == "081234567890"
    assert row["nib"] == "0220001112223"
    assert row["kbli"] == "01111"
    assert row["sls"] == "3375010001000200"
    assert (row["lat"], row["lon"]) == (-6.9, 109.6)
    assert row["address"] is None


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_order_and_case_of_columns_are_free(tmp_path: Path, separator: str) -> None:
    lines = [["Name", "EXTRA", "Record_ID", " Latitude "], ["TOKO A", "x", "a", "1"]]
    read = read_csv(tmp_path, "\n".join(separator.join(line) for line in lines) + "\n")
    [row] = read.records.to_pylist()
    assert (row["record_id"], row["name"], row["lat"]) == ("a", "TOKO A", 1.0)
    assert read.ignored == ("extra",)
    assert "owner" in read.missing
    assert "name" not in read.missing


def test_a_byte_order_mark_and_line_breaks_in_quotes_are_read(tmp_path: Path) -> None:
    read = read_csv(tmp_path, '\ufeffrecord_id,name\r\na,"TOKO\nBATIK"\r\n')
    assert read.records.column("name").to_pylist() == ["TOKO\nBATIK"]


def test_letters_of_an_old_spreadsheet_are_read(tmp_path: Path) -> None:
    read = read_csv(tmp_path, "record_id,name\na,CAFÉ\n", "cp1252")
    assert read.records.column("name").to_pylist() == ["CAFÉ"]


def test_decimal_commas_are_numbers_and_rubbish_is_nothing(tmp_path: Path) -> None:
    read = read_csv(tmp_path, "record_id;lat;lon\na;-6,9;109,6\nb;x;1e400\nc;;NaN\n")
    assert read.records.column("lat").to_pylist() == [-6.9, None, None]
    assert read.records.column("lon").to_pylist() == [109.6, None, None]


def test_numbers_of_a_parquet_file_become_the_codes_they_were(tmp_path: Path) -> None:
    path = tmp_path / "records.parquet"
    columns = {
        "record_id": [1, 2],
        "nib": pa.array([220001112223, None], pa.int64()),
        "phone": [81234567890.0, None],
        "kbli": [1111, 47112],
        "sls": [3375010001000200, None],
        "name": pa.array(["A", ""]).dictionary_encode(),
        "lat": pa.array([-6.5, float("nan")]),
    }
    pq.write_table(pa.table(columns), path)
    first, second = read_records(path).records.to_pylist()
    assert first["record_id"] == "1"
    assert first["nib"] == "0220001112223"
    assert first["phone"] == "81234567890"
    assert first["kbli"] == "01111"
    assert first["sls"] == "3375010001000200"
    assert first["name"] == "A"
    assert second["name"] is None
    assert second["lat"] is None


def test_an_unknown_source_counts_as_the_fields_and_is_told(tmp_path: Path) -> None:
    read = read_csv(tmp_path, "record_id,source\na,Prelist\nb,sbr\nc,\n")
    assert read.records.column("source").to_pylist() == ["prelist", "field", "field"]
    assert read.unknown_sources == 2


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("id,name\na,b\n", "no column record_id"),
        ("record_id,name\na,b\na,c\n", "more than once, such as a"),
        ("record_id,name\n,b\n", "1 rows have no record_id"),
        ("record_id,name\na,b,c\n", "cannot be read"),
        ("", "cannot be read"),
    ],
)
def test_what_cannot_be_used_is_said(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(BadInput, match=told) as raised:
        read_csv(tmp_path, text)
    assert raised.value.message_id != raised.value.message_en


def test_a_parquet_file_that_is_none_is_said(tmp_path: Path) -> None:
    path = tmp_path / "records.parquet"
    path.write_text("record_id\n")
    with pytest.raises(BadInput, match="cannot be read"):
        read_records(path)


def test_a_file_of_no_records_is_read(tmp_path: Path) -> None:
    assert len(read_csv(tmp_path, HEADER).records) == 0
