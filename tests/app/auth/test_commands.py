import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session
from typer.testing import CliRunner, Result

from app.areas.reference import kota_pekalongan
from app.areas.service import import_areas
from app.auth import service
from app.auth.commands import PASSWORD_VARIABLE, app
from app.core import settings as configured
from app.core.db import writing
from tests.app.auth.conftest import PASSWORD
from tests.conftest import NOON


@pytest.fixture(autouse=True)
def office(
    database_url: str, engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """An office that has imported its areas."""
    monkeypatch.setenv("SE2026_DATABASE_URL", database_url)
    monkeypatch.setenv("SE2026_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SE2026_LANGUAGE", "en")
    monkeypatch.delenv(PASSWORD_VARIABLE, raising=False)
    configured.settings.cache_clear()
    with writing(engine) as session:
        import_areas(session, kota_pekalongan(), label="uji", actor="test", now=NOON)
    yield
    configured.settings.cache_clear()


def run(*arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(app, arguments, input=stdin, catch_exceptions=False)


def add(user: str = "siti", stdin: str = f"{PASSWORD}\n") -> Result:
    where = ("--area", "3375010004", "--area", "3375010007")
    return run("add", user, "--role", "enumerator", *where, "--password-stdin", stdin=stdin)


def logs_in(view: Session, password: str = PASSWORD) -> bool:
    return service.authenticate(view, "siti", password, "10.0.0.1", NOON) is not None


def test_an_account_is_made_and_listed(session: Session) -> None:
    assert add().exit_code == 0
    assert logs_in(session)
    listed = json.loads(run("list", "--json").stdout)
    assert [(one["user_name"], one["role"], one["areas"]) for one in listed] == [
        ("siti", "enumerator", ["3375010004", "3375010007"])
    ]
    assert "password" not in str(listed)
    assert "siti" in run("list").stdout


def test_a_password_is_asked_for_or_comes_by_the_environment(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = run(
        *("add", "siti", "--role", "enumerator", "--area", "3375010004"),
        stdin=f"{PASSWORD}\n{PASSWORD}\n",
    )
    assert asked.exit_code == 0
    assert PASSWORD not in asked.output
    assert logs_in(session)
    monkeypatch.setenv(PASSWORD_VARIABLE, "hujan-deras-88")
    assert run("password", "siti").exit_code == 0
    assert logs_in(session, "hujan-deras-88")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("add", "budi", "--role", "enumerator", "--area", "3375019999"), "3375019999 does not"),
        (("add", "budi", "--role", "enumerator", "--area", "33"), "one regency"),
        (("add", "b", "--role", "enumerator", "--area", "3375"), "3 to 64"),
        (("deactivate", "budi"), "does not exist"),
        (("token", "budi"), "does not exist"),
    ],
)
def test_what_cannot_be_is_told(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], says: str
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD)
    done = run(*arguments)
    assert done.exit_code == 1
    assert says in " ".join(done.stderr.split())
    assert done.stdout == ""


def test_a_short_password_is_refused() -> None:
    done = add(stdin="pendek\n")
    assert (done.exit_code, "10 to 256" in done.stderr) == (1, True)


def test_a_token_is_an_address_for_odk_collect(session: Session) -> None:
    add()
    address = run("token", "siti").stdout.strip()
    start, token = address.rsplit("/", 1)
    assert start == "http://127.0.0.1:8026/openrosa"
    actor = service.openrosa_actor(session, token)
    assert actor is not None
    assert actor.user_name == "siti"
    assert run("token", "siti", "--revoke").stdout == "1\n"
    assert service.openrosa_actor(session, token) is None


def test_a_closed_account_stays_on_the_list(session: Session) -> None:
    add()
    assert run("deactivate", "siti").exit_code == 0
    assert not logs_in(session)
    assert "closed" in run("list").stdout
