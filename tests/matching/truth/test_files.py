from pathlib import Path

import polars as pl

from matching.truth import files
from matching.truth.make import make_truth


def test_what_is_written_is_what_link_reads(tmp_path: Path) -> None:
    labelled = make_truth(120, 4)
    files.write(labelled, tmp_path / "city")
    records = pl.read_parquet(tmp_path / "city" / files.RECORDS)
    as_text = pl.read_csv(tmp_path / "city" / files.RECORDS_TEXT, infer_schema=False)
    truth = pl.read_csv(tmp_path / "city" / files.TRUTH, infer_schema=False)
    assert records.columns == as_text.columns == list(files.COLUMNS)
    assert records["phone"].to_list() == [each.record.phone for each in labelled]
    assert as_text["sls"].to_list() == [each.record.sls for each in labelled]
    assert truth.columns == ["record_id", "unit_id", "hard_class"]
    assert truth["record_id"].to_list() == records["record_id"].to_list()
    assert truth["unit_id"].n_unique() == len({each.unit for each in labelled})
