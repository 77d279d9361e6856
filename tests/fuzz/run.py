"""Fuzz one target with atheris: `python -m tests.fuzz.run TARGET [SECONDS]`.

The corpus grows in var/fuzz/TARGET; an input that breaks a target stays beside it as crash-…,
timeout-… or oom-…, and becomes a test once it lies in tests/fuzz/crashes/TARGET.
"""

import sys
from pathlib import Path

import atheris

HOME = Path("var") / "fuzz"
MAX_SECONDS = 10  # for one input
MAX_MEGABYTES = 2_000
LONGEST = {"workbook": 60_000, "form": 40_000}  # bytes of one input; 4,096 for the rest


def main() -> None:
    """Fuzz until the time is over, or until an input breaks the target."""
    name, seconds = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "60"
    with atheris.instrument_imports(include=["forms", "sync"]):
        from tests.fuzz.seeds import dictionary, write_corpus
        from tests.fuzz.targets import TARGETS
    folder = HOME / name
    write_corpus(name, folder)
    words = HOME / f"{name}.dict"
    words.write_text(dictionary(name))
    options = {
        "max_total_time": seconds,
        "timeout": MAX_SECONDS,
        "rss_limit_mb": MAX_MEGABYTES,
        "max_len": LONGEST.get(name, 4096),
        "dict": words,
        "artifact_prefix": f"{HOME}/{name}-",
        "print_final_stats": 1,
        "verbosity": 0,
        "reload": 0,
    }
    flags = [f"-{option}={value}" for option, value in options.items()]
    atheris.Setup([sys.argv[0], *flags, str(folder)], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
