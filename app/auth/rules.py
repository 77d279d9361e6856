"""Rules about accounts and logins, without a database."""

import ipaddress
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from app.areas.codes import AreaCode
from app.areas.errors import BadCode
from app.auth.models import Role
from app.core.problems import Invalid
from app.core.security import SHORTEST_PASSWORD, token_digest

WINDOW = timedelta(minutes=15)
FAILURES_OF_ACCOUNT = 5
FAILURES_OF_ADDRESS = 30
LONGEST_PASSWORD = 256
_USER_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{2,63}", re.ASCII)
_WHOLE_NATION = {Role.NATIONAL_ADMIN, Role.ANALYST, Role.GOVERNMENT}


def known_shape(user_name: str) -> str | None:
    """Give a user name as it is kept, None where it cannot be one."""
    name = user_name.strip().lower()
    return name if _USER_NAME.fullmatch(name) else None


def checked_user_name(user_name: str) -> str:
    """Give a user name as it is kept; raises Invalid."""
    name = known_shape(user_name)
    if name is None:
        raise Invalid(
            "Nama pengguna terdiri dari 3 sampai 64 huruf kecil, angka, atau . _ @ + - "
            "dan diawali huruf atau angka.",
            "A user name has 3 to 64 small letters, digits or . _ @ + - "
            "and starts with a letter or digit.",
            code="bad_user_name",
        )
    return name


def check_password(password: str, user_name: str) -> None:
    """Raise Invalid unless a password is long enough and not the user name."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Invalid(
            f"Kata sandi terdiri dari {SHORTEST_PASSWORD} sampai {LONGEST_PASSWORD} karakter.",
            f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.",
            code="bad_password",
        )
    if password.strip().lower() == user_name.lower():
        raise Invalid(
            "Kata sandi tidak boleh sama dengan nama pengguna.",
            "A password must differ from the user name.",
            code="bad_password",
        )


def checked_areas(role: Role, areas: Sequence[str]) -> tuple[str, ...]:
    """Give the areas of an account; the empty code is the nation. Raises Invalid."""
    if not areas:
        raise Invalid(
            "Akun memerlukan sedikitnya satu wilayah kerja.",
            "An account needs at least one area.",
            code="bad_area",
        )
    try:
        codes = tuple(dict.fromkeys(AreaCode.parse(code) if code else "" for code in areas))
    except BadCode as bad:
        raise Invalid(bad.message_id, bad.message_en, code="bad_area") from bad
    lanes = {code[:4] for code in codes}
    if role not in _WHOLE_NATION and (len(lanes) > 1 or len(min(lanes)) < 4):  # noqa: PLR2004 - a lane is four digits
        raise Invalid(
            "Peran ini bekerja di satu kabupaten/kota: pakai kode 4 angka atau lebih di dalamnya.",
            "This role works in one regency: name codes of 4 digits or more within it.",
            code="bad_area",
        )
    return codes


def user_digest(user_name: str) -> str:
    """Give what a login failure keeps of a user name."""
    return token_digest(f"user\x1f{user_name.strip().lower()}")


def address_digest(address: str) -> str:
    """Give what a login failure keeps of an address; an IPv6 network of one house counts as one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return token_digest(f"address\x1f{address}")
    if isinstance(parsed, ipaddress.IPv6Address):
        house = ipaddress.ip_network(
            (parsed.ipv4_mapped or parsed, 64 if not parsed.ipv4_mapped else 32), strict=False
        )
        return token_digest(f"address\x1f{house.network_address}")
    return token_digest(f"address\x1f{parsed}")


def wait_of(failures: Sequence[datetime], allowed: int, now: datetime) -> timedelta:
    """Give how long to wait when `failures` (newest first) fill what is allowed in a window."""
    recent = [at for at in failures if at > now - WINDOW]
    if len(recent) < allowed:
        return timedelta(0)
    return recent[allowed - 1] + WINDOW - now
