"""Submissions in files, judged against one form: a report for each, whatever the bytes."""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path, PurePath
from typing import Any, TextIO

from lxml import etree

from forms.errors import FormsError, UnreadableXml
from forms.findings import Finding, Report
from forms.instance import MAX_NODES, Submission
from forms.lists import ListTable, StaticLists
from forms.safexml import parse_xml
from forms.schema import Questionnaire
from forms.validate import validate

_TOO_MANY = etree.XPath(f"count(//*) > {MAX_NODES}")

_LAST_SAVED = "last-saved"
_POSITION = re.compile(r"\[\d+\]")

Judge = Callable[[bytes], Report]


def judge_of(
    tree: Questionnaire, media: Mapping[str, bytes], language: str, now: datetime
) -> Judge:
    """Give a function that judges one submission's bytes, and raises nothing.

    Documents that record neither start nor end are judged as of `now`. What such a document
    calculated from its own clock is taken as it is: nobody knows that moment any more.
    Raises FormsError where a list that the form uses cannot be read.
    """
    lists = StaticLists(_tables(tree, media))
    clocked = frozenset(
        path
        for path, node in tree.nodes.items()
        if not tree.clocks and node.calculate is not None and node.calculate.clock
    )

    def judge(body: bytes) -> Report:
        try:
            report = validate(tree, _submission(body), lists, language=language, now=now)
            return _without(report, clocked) if clocked else report
        except UnreadableXml as error:
            return _unjudged(str(error))
        except Exception as error:  # noqa: BLE001 - no document keeps the next from being judged
            return _unjudged(f"This submission cannot be judged ({type(error).__name__}).")

    return judge


def missing_lists(tree: Questionnaire, media: Mapping[str, bytes]) -> list[str]:
    """Name the lists that a form uses and nobody gave: what depends on them is not checked.

    What a device saved last is known to that device alone.
    """
    given = {PurePath(name).stem for name in media} | {_LAST_SAVED}
    return sorted({stem for stem in tree.instances.values() if stem is not None} - given)


def reports(files: Iterable[Path], judge: Judge) -> Iterator[tuple[str, Report]]:
    """Judge files one by one, in order."""
    for file in files:
        try:
            body = file.read_bytes()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", "") or "no such file"
            yield printable(file), _unjudged(f"The file cannot be read: {reason}.")
            continue
        yield printable(file), judge(body)


def named_files(arguments: Iterable[str], stdin: TextIO) -> Iterator[Path]:
    """Give the files that arguments name.

    `-` reads names from standard input, `@list.txt` from a file, one a line; a folder stands for
    every .xml below it. Raises FormsError where a list of names cannot be read.
    """
    for argument in arguments:
        if argument == "-":
            yield from _lines(stdin)
        elif argument.startswith("@"):
            yield from _listed(Path(argument[1:]))
        elif (path := Path(argument)).is_dir():
            yield from sorted(path.rglob("*.xml"))
        else:
            yield path


def as_line(name: str, report: Report) -> dict[str, Any]:
    """Give a report as the object that others compare: file, valid, findings, values."""
    return {
        "file": name,
        "valid": report.valid,
        "findings": [
            {
                "path": finding.path,
                "rule": finding.rule,
                "severity": finding.severity,
                "message": finding.message,
            }
            for finding in report.findings
        ],
        "values": dict(report.values),
    }


def printable(path: PurePath) -> str:
    """Give a path as text that every terminal can print."""
    return os.fsencode(path).decode("utf-8", "replace")


def _submission(body: bytes) -> Submission:
    """Read a submission, also one that does not say of which form it is."""
    root = parse_xml(body)
    if _TOO_MANY(root):
        raise UnreadableXml(f"More than {MAX_NODES} nodes: no form asks as much.")
    return Submission(root.get("id", ""), root.get("version", ""), None, None, root)


def _tables(tree: Questionnaire, media: Mapping[str, bytes]) -> dict[str, ListTable]:
    """Read lists by the stem of their file; those that the form does not name may be broken."""
    named = set(tree.instances.values())
    tables: dict[str, ListTable] = {}
    for name, body in media.items():
        stem, suffix = PurePath(name).stem, PurePath(name).suffix.lower()
        if suffix not in (".csv", ".geojson", ".xml"):
            continue
        try:
            tables[stem] = ListTable.from_file(name, body)
        except FormsError as error:
            if stem in named:
                raise FormsError(f"{name}: {error}") from error
    return tables


def _without(report: Report, clocked: frozenset[str]) -> Report:
    """Leave out that a value calculated from a clock nobody recorded is another by now."""
    kept = tuple(
        finding
        for finding in report.findings
        if finding.rule != "calculation" or _POSITION.sub("", finding.path) not in clocked
    )
    return Report(kept, report.values)


def _unjudged(reason: str) -> Report:
    return Report((Finding("/", "unknown", "error", reason),), {})


def _lines(stream: Iterable[str]) -> Iterator[Path]:
    for line in stream:
        name = line.rstrip("\r\n")
        if name:
            yield Path(name)


def _listed(path: Path) -> Iterator[Path]:
    try:
        with path.open(encoding="utf-8", errors="surrogateescape") as stream:
            yield from _lines(stream)
    except OSError as error:
        raise FormsError(f"{path} cannot be read: {error.strerror}.") from error
