"""Questionnaires as a caller names them: one of the project, a folder, or a file."""

from collections.abc import Mapping
from pathlib import Path

from forms.compile import compile_source, definition
from forms.errors import FormsError
from forms.places import DefinitionError
from forms.schema import Questionnaire
from forms.source import Source, read_folder
from forms.workbook import read_workbook
from forms.xform import read_xform

_WRITTEN = {".xlsx", ".xlsm", ".md", ".markdown"}


def folder_of(name: str) -> Path | None:
    """Give the folder of a questionnaire; None for a file. Raises DefinitionError for neither."""
    path = Path(name)
    if path.is_dir():
        return path
    return None if path.is_file() or path.suffix else definition(name)


def open_source(name: str) -> Source:
    """Read the tables of a questionnaire: a name such as se2026_l, a folder, a workbook, a text.

    Raises DefinitionError.
    """
    folder = folder_of(name)
    return read_folder(folder) if folder else read_workbook(read_file(Path(name)), Path(name).name)


def open_form(name: str, lists: Mapping[str, bytes]) -> tuple[Questionnaire, Mapping[str, bytes]]:
    """Give the tree of a questionnaire, from tables or from an XForm, and the lists beside it.

    Raises FormsError with the reason where it is not understood.
    """
    path = Path(name)
    if path.is_file() and path.suffix.lower() not in _WRITTEN:
        body = path.read_bytes()
        if not body.startswith(b"PK"):
            return read_xform(body), lists
        compiled = compile_source(read_workbook(body, path.with_suffix(".xlsx").name), lists=lists)
    else:
        compiled = compile_source(open_source(name), lists=lists)
    return read_xform(compiled.xform), {**compiled.media, **lists}


def media_beside(name: str, folder: Path | None) -> dict[str, bytes]:
    """Read the media of a form: of the folder given, else of `media` or `<form>-media` beside it.

    Raises FormsError where the folder given is none.
    """
    if folder is not None and not folder.is_dir():
        raise FormsError(f"There is no folder {folder}. Check --media.")
    path = Path(name)
    homes = [folder] if folder else [path.parent / "media", path.parent / f"{path.stem}-media"]
    if folder is None and not path.is_file():
        return {}
    found: dict[str, bytes] = {}
    for home in homes:
        if home.is_dir():
            files = sorted(file for file in home.iterdir() if file.is_file())
            found |= {file.name: file.read_bytes() for file in files}
    return found


def read_file(path: Path) -> bytes:
    """Read a file. Raises DefinitionError where there is none."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise DefinitionError(
            f"{path} cannot be read: {error.strerror}. Check its path.",
            indonesian=f"{path} tidak dapat dibaca: {error.strerror}. Periksa letaknya.",
        ) from error


def write_files(files: Mapping[Path, bytes]) -> None:
    """Write files, with the folders they need. Raises FormsError where that is not possible."""
    for path, body in files.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
        except OSError as error:
            raise FormsError(f"{path} cannot be written: {error.strerror}.") from error


def differs(path: Path, body: bytes) -> bool:
    """Whether a file does not hold exactly these bytes yet."""
    return not path.is_file() or path.read_bytes() != body
