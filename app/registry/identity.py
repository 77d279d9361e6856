"""What is kept of an owner's NIK; pure."""

import re
from hashlib import sha256

_NIK = re.compile(r"[0-9]{16}")


def owner_key(lane: str, nik: str) -> str:
    """Give a digest of an owner's NIK; empty where it is a sentinel, filler or no NIK."""
    plain = "".join(nik.split())
    if not _NIK.fullmatch(plain) or len(set(plain)) == 1:
        return ""
    return sha256(f"{lane}\x1fnik\x1f{plain}".encode()).hexdigest()
