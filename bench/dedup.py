"""A file of records linked by `se2026 dedup link`, beside Splink alone, in one run.

Run `python -m bench.dedup [sizes …] [--alone 10000] [--json]`. Cities are invented (`make-truth`);
each is linked by the command itself in a process of its own, from the file to the written units,
and what that process and its children hold is looked at four times a second. Beside the seconds on
the clock stand those of the processors: they say more where other work goes on. Splink alone is its
guide's model with its own blocking and training and connected components, on the records in memory
(`matching.evaluation.textbook`): no files, no normalising, no questions.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import psutil

from matching.evaluation.textbook import textbook_units
from matching.record import Record
from matching.truth.files import write
from matching.truth.make import make_truth

SIZES = (10_000, 50_000)
EVERY = 0.25  # seconds between two looks at the memory


class Watch(threading.Thread):
    """Samples what a process and its children hold together."""

    def __init__(self, process: psutil.Process) -> None:
        super().__init__(daemon=True)
        self._process = process
        self._over = threading.Event()
        self.peak = 0

    def run(self) -> None:
        """Look until the end."""
        while not self._over.wait(EVERY):
            held = 0
            try:
                for each in [self._process, *self._process.children(recursive=True)]:
                    held += each.memory_info().rss
            except psutil.NoSuchProcess:
                continue
            self.peak = max(self.peak, held)

    def end(self) -> int:
        """Stop looking; tell the most that was held, in bytes."""
        self._over.set()
        self.join()
        return self.peak


def linked(records: Path, out: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "app.cli", "dedup", "link", "--json"]
    paths = ["--records", records, "--out", out, "--edges", out.with_name("edges.parquet")]
    before, used = time.perf_counter(), _used()
    with subprocess.Popen([*command, *map(str, paths)], stdout=subprocess.PIPE) as process:
        watch = Watch(psutil.Process(process.pid))
        watch.start()
        told = process.communicate()[0]
        peak = watch.end()
    if process.returncode:
        raise SystemExit(process.returncode)
    wall = time.perf_counter() - before
    report = json.loads(told)
    return {
        "records": report["records"],
        "seconds": round(wall, 1),
        "processor": round(_used() - used, 1),
        "megabytes": peak // 1_000_000,
        "pairs": report["pairs"],
        "pairs_per_second": round(report["pairs"] / max(report["seconds"]["scoring"], 1e-9)),
        "stages": report["seconds"],
    }


def _used() -> float:
    """Tell the processor seconds of all processes that were started and have ended."""
    spent = os.times()
    return spent.children_user + spent.children_system


def splink_alone(records: list[Record]) -> dict[str, Any]:
    before = time.perf_counter()
    units = len(set(textbook_units(records)))
    seconds = time.perf_counter() - before
    return {"records": len(records), "seconds": round(seconds, 1), "units": units}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--alone", type=int, default=10_000, help="records for Splink alone")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for size in asked.sizes:
            city = Path(folder) / str(size)
            write(make_truth(size, seed=size), city)
            found.append(linked(city / "records.parquet", city / "units.parquet"))
    alone = splink_alone([each.record for each in make_truth(asked.alone, seed=asked.alone)])
    if asked.json:
        print(json.dumps({"link": found, "splink_alone": alone}, indent=2))
        return
    print(f"{alone['records']:>9,} records: {alone['seconds']} s, Splink alone")
    for each in found:
        stages = ", ".join(f"{name} {seconds}" for name, seconds in each["stages"].items())
        took = f"{each['seconds']} s ({each['processor']} s of processors)"
        print(f"{each['records']:>9,} records: {took}, {each['megabytes']} MB")
        print(f"          {each['pairs']:,} pairs, {each['pairs_per_second']:,}/s; {stages}")


if __name__ == "__main__":
    main()
