"""The census in DDI: the document itself, the study, how it was done, who may see what."""

from collections.abc import Iterator

from lxml import etree

from forms.codebook import study as said
from forms.codebook.book import Codebook
from forms.codebook.ddi_xml import element, told
from forms.codebook.wording import LANGUAGES

_TITLES = ("titl", "parTitl")


def study(book: Codebook) -> Iterator[etree._Element]:
    """Give the description of the document and of the study."""
    yield element("docDscr", _citation(book, f"{book.form_id}-{book.version}-codebook"))
    yield element(
        "stdyDscr",
        _citation(book, f"SE2026-{book.form_id}-{book.version}", with_series=True),
        element("stdyInfo", _subjects(), *told("abstract", said.ABSTRACT), _summary()),
        element(
            "method",
            element("dataColl", *told("sampProc", said.CENSUS), *told("collMode", said.MODE)),
        ),
        element(
            "dataAccs",
            element(
                "useStmt",
                *told("confDec", said.CONFIDENTIAL),
                *told("conditions", said.CONDITIONS),
            ),
        ),
    )


def _citation(book: Codebook, name: str, *, with_series: bool = False) -> etree._Element:
    series = (element("serStmt", *told("serName", said.SERIES)),) if with_series else ()
    return element(
        "citation",
        element("titlStmt", *_titles(book), element("IDNo", name)),
        element("rspStmt", *told("AuthEnty", said.PRODUCER)),
        element("prodStmt", *told("producer", said.PRODUCER, abbr=said.PRODUCER_SHORT)),
        *series,
        element("verStmt", element("version", book.version)),
    )


def _titles(book: Codebook) -> Iterator[etree._Element]:
    """Give the title in the first language and, beside it, in the others."""
    for tag, language in zip(_TITLES, LANGUAGES, strict=True):
        title = f"{said.TITLE[language]}: {book.title}"
        yield from told(tag, {language: title})


def _subjects() -> etree._Element:
    return element(
        "subject", *(each for subject in said.SUBJECTS for each in told("keyword", subject))
    )


def _summary() -> etree._Element:
    start, end = said.REFERENCE
    first, last = said.COLLECTION
    return element(
        "sumDscr",
        element("timePrd", start, date=start, event="start"),
        element("timePrd", end, date=end, event="end"),
        element("collDate", first, date=first, event="start"),
        element("collDate", last, date=last, event="end"),
        *told("nation", said.NATION, abbr="ID"),
        *told("geogUnit", said.GEOGRAPHIC_UNIT),
        *told("anlyUnit", said.ANALYSIS_UNIT),
        *told("universe", said.UNIVERSE),
        *told("dataKind", said.KIND),
    )
