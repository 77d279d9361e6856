from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from app.auth import rules, service
from app.auth.actor import openrosa_actor
from app.auth.models import Account, AuditEntry, LoginFailure, OpenRosaToken, Role
from app.auth.scope import NATION, Scope
from app.core.db import writing
from app.core.problems import Conflict, Invalid, NotFound, TooManyRequests
from tests.app.auth.conftest import PASSWORD, AddAccount
from tests.conftest import NOON


def create(session: Session, **changes: object) -> Account:
    facts: dict[str, object] = {
        "user_name": "siti",
        "display_name": "Siti Contoh",
        "password": PASSWORD,
        "role": Role.ENUMERATOR,
        "areas": ["3375010004"],
        **changes,
    }
    return service.create_account(session, actor="test", now=NOON, **facts)  # type: ignore[arg-type]


def audited(session: Session) -> list[str]:
    rows = session.exec(select(AuditEntry).order_by(sa.text("id"))).all()
    return [row.action for row in rows]


def test_a_password_is_kept_as_a_hash_and_nothing_personal_is_audited(session: Session) -> None:
    account = create(session, user_name="Siti")
    kept = session.exec(select(Account)).one()
    assert (kept.user_name, kept.display_name, kept.is_active) == ("siti", "Siti Contoh", True)
    assert kept.password_hash.startswith("$argon2id$")
    entry = session.exec(select(AuditEntry)).one()
    assert (entry.action, entry.subject, entry.at) == ("account.create", str(account.id), NOON)
    assert entry.detail == {"role": "enumerator", "areas": ["3375010004"]}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"password": "sembilan9"}, "bad_password"),
        ({"password": "x" * 257}, "bad_password"),
        ({"user_name": "siti.aminah", "password": "Siti.Aminah"}, "bad_password"),
        ({"user_name": "s"}, "bad_user_name"),
        ({"user_name": "siti aminah"}, "bad_user_name"),
        ({"user_name": "siti\x00"}, "bad_user_name"),
        ({"areas": []}, "bad_area"),
        ({"areas": ["33750"]}, "bad_area"),
        ({"areas": [""]}, "bad_area"),
        ({"areas": ["33"]}, "bad_area"),
        ({"areas": ["3375010004", "3326010001"]}, "bad_area"),
    ],
)
def test_an_account_that_could_not_work_is_refused(
    session: Session, change: dict[str, object], code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        create(session, **change)
    assert refused.value.kind == code
    assert session.exec(select(Account)).all() == []


def test_whole_nations_are_for_few_roles(session: Session) -> None:
    assert create(session, user_name="pusat", role=Role.NATIONAL_ADMIN, areas=[""])
    assert create(session, user_name="analis", role=Role.ANALYST, areas=["33"])


def test_a_user_name_is_taken_once(session: Session) -> None:
    create(session)
    with pytest.raises(Conflict):
        create(session, user_name="SITI")


def test_accounts_are_listed_within_the_scope(add_account: AddAccount, view: Session) -> None:
    add_account("barat", Role.SUPERVISOR, "3375010")
    add_account("dua", Role.ENUMERATOR, "3375010004", "3375020007")
    add_account("kota", Role.REGENCY_ADMIN, "3375")
    add_account("lain", Role.REGENCY_ADMIN, "3326")

    def names(*areas: str) -> list[str]:
        return [known.user_name for known in service.accounts(view, Scope.of(areas))]

    assert names("3375010") == ["barat"]
    assert names("3375") == ["barat", "dua", "kota"]
    assert names("") == ["barat", "dua", "kota", "lain"]
    assert names() == []


def test_nobody_closes_an_account_of_another_area(
    add_account: AddAccount, session: Session
) -> None:
    account = add_account("siti")
    elsewhere = Scope.of(["3326"])
    with pytest.raises(NotFound):
        service.deactivate(session, account.id, scope=elsewhere, actor="test", now=NOON)
    with pytest.raises(NotFound):
        service.account_named(session, "siti", elsewhere)
    assert service.account_named(session, "siti", NATION).is_active


def test_an_openrosa_token_is_told_once_and_kept_as_a_hash(
    add_account: AddAccount, session: Session
) -> None:
    account = add_account("siti")
    token = service.issue_openrosa_token(session, account.id, actor="test", now=NOON)
    assert len(token) >= 40
    assert token not in session.exec(select(OpenRosaToken)).one().digest
    actor = openrosa_actor(session, token)
    assert actor is not None
    assert (actor.id, actor.lane) == (account.id, "3375")
    assert openrosa_actor(session, token + "x") is None


def test_a_token_that_is_brought_twice_is_issued_once(
    add_account: AddAccount, session: Session
) -> None:
    siti, budi = add_account("siti"), add_account("budi")
    for _ in range(2):
        given = service.issue_openrosa_token(
            session, siti.id, actor="test", now=NOON, token="derived"
        )
        assert given == "derived"
    assert audited(session).count("openrosa_token.issue") == 1
    with pytest.raises(Conflict):
        service.issue_openrosa_token(session, budi.id, actor="test", now=NOON, token="derived")


def test_a_revoked_token_and_a_closed_account_are_out(
    add_account: AddAccount, session: Session
) -> None:
    account = add_account("siti")
    first = service.issue_openrosa_token(session, account.id, actor="test", now=NOON)
    assert service.revoke_openrosa_tokens(session, account.id, actor="test", now=NOON) == 1
    assert openrosa_actor(session, first) is None
    with pytest.raises(Conflict):
        service.issue_openrosa_token(session, account.id, actor="test", now=NOON, token=first)
    second = service.issue_openrosa_token(session, account.id, actor="test", now=NOON)
    service.deactivate(session, account.id, scope=NATION, actor="test", now=NOON)
    assert openrosa_actor(session, second) is None
    assert audited(session)[-1] == "account.deactivate"


def test_failures_are_kept_without_names_and_not_for_long(
    add_account: AddAccount, session: Session
) -> None:
    add_account("siti")
    before = NOON - rules.WINDOW * 2
    assert service.authenticate(session, "budi", "wrong", "10.0.0.9", before) is None
    kept = session.exec(select(LoginFailure)).one()
    assert {len(kept.user_digest), len(kept.address_digest)} == {64}
    assert service.authenticate(session, "siti", PASSWORD, "10.0.0.1", NOON) is not None
    assert session.exec(select(LoginFailure)).all() == []


def test_guesses_at_once_are_counted_one_by_one(add_account: AddAccount, engine: sa.Engine) -> None:
    add_account("siti")

    def guess(number: int) -> str:
        try:
            with writing(engine) as own:
                found = service.authenticate(own, "siti", "wrong", f"10.0.0.{number}", NOON)
        except TooManyRequests as slowed:
            return slowed.headers()["Retry-After"]
        return "wrong" if found is None else "in"

    with ThreadPoolExecutor(10) as pool:
        answers = Counter(pool.map(guess, range(10)))
    assert answers == {"wrong": 5, "900": 5}


def test_two_offices_cannot_take_one_name_at_once(engine: sa.Engine) -> None:
    def take(_: int) -> bool:
        try:
            with writing(engine) as own:
                create(own)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(take, range(4))) == [False, False, False, True]
