"""Name and password with every request, for apps that can be given no address of their own."""

import base64
import binascii
import hmac
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Final
from uuid import UUID

from starlette.requests import Request

from app.auth import repository, service
from app.auth.actor import Actor, actor_of, fingerprint
from app.auth.repository import Known
from app.core.db import reading, writing
from app.core.ids import new_token
from app.core.office import Office
from app.core.problems import Unauthenticated

_REMEMBERED: Final = timedelta(minutes=10)
_MOST: Final = 10_000  # logins that one process remembers


class PasswordNeeded(Unauthenticated):
    """The caller must send a name and a password."""

    def headers(self) -> dict[str, str]:
        """Name the way to log in."""
        return {"WWW-Authenticate": 'Basic realm="SE2026 Field", charset="UTF-8"'}


@dataclass(frozen=True, slots=True)
class _Login:
    account_id: UUID
    fingerprint: str
    until: datetime


class BasicLogins:
    """Who sends which name and password.

    A right one is remembered for ten minutes, because a password takes long to check; accounts are
    looked up each time, so that a closed one, or a new password, counts at once.
    """

    def __init__(self) -> None:
        self._secret = new_token().encode()  # what is remembered is no use to anybody else
        self._logins: OrderedDict[bytes, _Login] = OrderedDict()
        self._lock = Lock()

    def actor(
        self, office: Office, header: str | None, address: str, *, closed_too: bool = False
    ) -> Actor:
        """Give who an Authorization header says it is; with `closed_too` one revoked as well.

        Raises PasswordNeeded, also for a wrong password, and TooManyRequests after too many.
        """
        told = _read(header)
        if told is None:
            raise _needed()
        key = hmac.digest(self._secret, "\x1f".join(told).encode(), "sha256")
        known = self._remembered(office, key)
        if known is not None and not (known.is_active or closed_too):
            raise _needed()  # the password is right: no guess that counts
        if known is None:
            with writing(office.engine) as session:  # a failure is counted, so this must commit
                known = service.authenticate(
                    session, *told, address, office.clock(), closed_too=closed_too
                )
            if known is None:
                raise _needed()
            self._remember(key, known, office.clock())
        return actor_of(known, revoked=not known.is_active)

    def _remembered(self, office: Office, key: bytes) -> Known | None:
        with self._lock:
            login = self._logins.get(key)
        if login is None or login.until <= office.clock():
            return None
        with reading(office.engine) as session:
            known = repository.by_id(session, login.account_id)
        if known is None or fingerprint(known) != login.fingerprint:
            return None
        return known

    def _remember(self, key: bytes, known: Known, now: datetime) -> None:
        with self._lock:
            self._logins[key] = _Login(known.id, fingerprint(known), now + _REMEMBERED)
            self._logins.move_to_end(key)
            while len(self._logins) > _MOST:
                self._logins.popitem(last=False)


def logins_of(request: Request) -> BasicLogins:
    """Give the logins that this process remembers."""
    logins = request.app.state.basic_logins
    assert isinstance(logins, BasicLogins)
    return logins


def _read(header: str | None) -> tuple[str, str] | None:
    """Read `Basic` credentials; None where they are none."""
    scheme, _, told = (header or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, password = (
            base64.b64decode(told.strip(), validate=True).decode().partition(":")
        )
    except (binascii.Error, ValueError):
        return None
    return (name, password) if colon else None


def _needed() -> PasswordNeeded:
    return PasswordNeeded(
        "Isi nama pengguna dan kata sandi Anda pada pengaturan server di aplikasi, "
        "atau pindai kode QR dari admin.",
        "Enter your user name and password in the app's server settings, "
        "or scan the admin's QR code.",
    )
