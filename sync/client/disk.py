"""Writing files so that a process killed at any instruction leaves whole files or none."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path


def write_files(folder: Path, files: Mapping[str, bytes], scratch: Path) -> None:
    """Write `files` into `folder`: each is there whole or not at all, and durable on return.

    `scratch` must be on the same file system; what a killed process left there means nothing.
    """
    for name, content in files.items():
        draft = scratch / name
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / name)
    settle(folder)


def remove_files(folder: Path, names: Iterable[str]) -> None:
    """Remove files that are there or were already removed; durable on return."""
    for name in names:
        (folder / name).unlink(missing_ok=True)
    settle(folder)


def move_file(name: str, source: Path, target: Path) -> None:
    """Move one file between folders; after a crash it is in one of the two."""
    (source / name).replace(target / name)
    settle(target)
    settle(source)


def settle(folder: Path) -> None:
    """Make the names in `folder` durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
