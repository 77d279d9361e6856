"""The project's own questionnaires, with invented lists in place of those the office supplies."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from forms.compile import compile_definition, definition, definitions
from forms.lists import ListTable, StaticLists

_SUB_SLS = ("3375030005000100", "3375030005000201", "3375030012000100", "3375010004000300")
_LISTS = (".csv", ".geojson", ".xml")


@dataclass(frozen=True, slots=True)
class FormFiles:
    """A compiled form and the files of its lists by name."""

    name: str
    xform: bytes
    media: dict[str, bytes]

    def lists(self) -> StaticLists:
        """The lists as our engine wants them, by the stem of their file."""
        return StaticLists(
            {
                Path(name).stem: ListTable.from_file(name, body)
                for name, body in self.media.items()
                if name.endswith(_LISTS)
            }
        )

    def write(self, folder: Path) -> Path:
        """Write the lists into a folder, for those who read files."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, body in self.media.items():
            (folder / name).write_bytes(body)
        return folder


def own_forms() -> Iterator[FormFiles]:
    """Compile every questionnaire that ships with the project."""
    for name in definitions():
        compiled = compile_definition(definition(name), lists=OFFICE_LISTS)
        yield FormFiles(name, compiled.xform, dict(compiled.media))


def _areas() -> Iterator[str]:
    yield "name,label,kelurahan,kecamatan"
    for number, code in enumerate(_SUB_SLS, 1):
        yield f"{code},RT 00{number} RW 001,{code[:10]},{code[:7]}"


def _villages() -> Iterator[str]:
    yield "name,label,kecamatan"
    for code in dict.fromkeys(code[:10] for code in _SUB_SLS):
        yield f"{code},KELURAHAN {code[-3:]},{code[:7]}"


def _businesses() -> Iterator[str]:
    yield "name,label,idsubsls,kbli,kelurahan"
    for number in range(1, 25):
        code = _SUB_SLS[number % len(_SUB_SLS)]
        kbli = ("", "47511", "13134", "56102")[number % 4]
        yield f"IDSBR{number:07},USAHA CONTOH {number},{code},{kbli},{code[:10]}"


OFFICE_LISTS = {
    "wilayah.csv": "\n".join(_areas()).encode() + b"\n",
    "kelurahan.csv": "\n".join(_villages()).encode() + b"\n",
    "usaha.csv": "\n".join(_businesses()).encode() + b"\n",
}
