"""The folder of a run: chunks that are finished or absent, for one set of inputs.

A chunk is written beside its place and moved there whole. A run with the same inputs finds what is
finished and goes on; other inputs begin anew.
"""

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import matching

_MANIFEST = "run.json"


class Folder:
    """A folder of named chunks that belongs to `inputs` alone."""

    def __init__(self, path: Path, inputs: Mapping[str, Any]) -> None:
        self.path = path
        told = json.dumps(inputs, sort_keys=True)
        manifest = path / _MANIFEST
        self.resumed = manifest.exists() and manifest.read_text("utf-8") == told
        if not self.resumed:
            if manifest.exists():
                shutil.rmtree(path)
            path.mkdir(parents=True, exist_ok=True)
            manifest.write_text(told, "utf-8")

    def place(self, kind: str, number: int) -> Path:
        """Tell where a chunk lies, or would."""
        return self.path / f"{kind}-{number:05}.parquet"

    def has(self, kind: str, number: int) -> bool:
        """Tell whether a chunk is finished."""
        return self.place(kind, number).exists()

    def all_of(self, kind: str) -> str:
        """Give the pattern of all chunks of a kind."""
        return str(self.path / f"{kind}-*.parquet")

    def remove(self) -> None:
        """Take everything away."""
        shutil.rmtree(self.path, ignore_errors=True)


def put(table: pa.Table, place: Path) -> None:
    """Write a chunk whole or not at all."""
    unfinished = place.with_suffix(".part")
    pq.write_table(table, unfinished, compression="lz4")
    unfinished.replace(place)


def digest_of_rules() -> str:
    """Give a digest of the sources and tables that make features, keys and scores."""
    home = Path(matching.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(home.rglob("*")):
        if path.suffix in {".py", ".csv"} and not path.is_relative_to(home / "truth"):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def digest_of(path: Path) -> str:
    """Give the sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
