"""Passwords, signed tokens, and hashes of opaque ones. The only module that imports jose."""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any

from jose import JWTError, jwt
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

ALGORITHM = "HS256"  # fixed: a token never chooses how it is checked
ISSUER = "se2026-field"
SHORTEST_PASSWORD = 10
_HASHER = PasswordHash((Argon2Hasher(),))


class BadToken(Exception):  # noqa: N818 - says what it is
    """A token that is not ours, is altered, or has run out."""


def hash_password(password: str) -> str:
    """Give the argon2id hash of a password."""
    return _HASHER.hash(password)


def password_matches(password: str, hashed: str) -> bool:
    """Tell whether a password belongs to a hash, in time that does not tell why not."""
    return _HASHER.verify(password, hashed)


def sign_token(
    subject: str, purpose: str, *, key: str, now: datetime, lifetime: timedelta, **claims: str
) -> str:
    """Give a JWT for `subject`, good for one `purpose` until `now + lifetime`."""
    payload: dict[str, Any] = {
        **claims,
        "iss": ISSUER,
        "sub": subject,
        "aud": purpose,
        "iat": int(now.timestamp()),
        "exp": int((now + lifetime).timestamp()),
    }
    return str(jwt.encode(payload, key, algorithm=ALGORITHM))


def read_token(token: str, purpose: str, *, key: str, now: datetime) -> dict[str, Any]:
    """Give the claims of a token that we signed for `purpose` and that is still good."""
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=purpose,
            issuer=ISSUER,
            options={"verify_exp": False},  # checked below, against the clock that is passed in
        )
    except (JWTError, RecursionError) as error:  # the latter: nested without end
        raise BadToken("not a token of ours") from error
    if int(claims.get("exp", 0)) <= now.timestamp():
        raise BadToken("the token has run out")
    return dict(claims)


def token_digest(token: str) -> str:
    """Give what the database keeps of an opaque token."""
    return hashlib.sha256(token.encode()).hexdigest()


def derived_secret(key: str, *purpose: str) -> str:
    """Give a secret that follows from the key and a purpose: 20 letters, the same every time."""
    message = "\x1f".join(purpose).encode()
    digest = hmac.new(key.encode(), message, hashlib.sha256).digest()
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"  # without letters that are mistaken for others
    return "".join(alphabet[byte % len(alphabet)] for byte in digest[:20])
