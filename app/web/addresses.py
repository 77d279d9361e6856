"""Addresses of our own pages."""

from urllib.parse import urlencode, urlsplit

HOME = "/"
LOGIN = "/masuk"
LONGEST = 2000


def local(address: str | None) -> str:
    """Give an address of our own; the front page for one that leads elsewhere."""
    if not address or len(address) > LONGEST or not address.startswith("/"):
        return HOME
    plain = all(letter.isprintable() and letter not in "\\ " for letter in address)
    parts = urlsplit(address)
    if not plain or address.startswith("//") or parts.scheme or parts.netloc:
        return HOME
    return address


def with_query(path: str, **parameters: str | None) -> str:
    """Give a path with those parameters that are set."""
    asked = {name: value for name, value in parameters.items() if value}
    return f"{path}?{urlencode(asked)}" if asked else path
