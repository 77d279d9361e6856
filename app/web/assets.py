"""Files that browsers keep: named by their content, so that a new one is a new address."""

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
_KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is served."""

    body: bytes
    packed: bytes  # the same in gzip
    digest: str
    media_type: str

    @classmethod
    def of(cls, body: bytes, media_type: str) -> "Asset":
        """Give the asset of these bytes."""
        packed = gzip.compress(body, 9, mtime=0)
        return cls(body, packed, hashlib.sha256(body).hexdigest()[:16], media_type)


def _vega() -> bytes:
    """Give Vega, Vega-Lite and Vega-Embed as one script; it sets `window.vegaEmbed`."""
    import vl_convert

    return str(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")).encode()


_MADE: dict[str, Callable[[], bytes]] = {"vega.js": _vega}


@lru_cache
def asset(name: str) -> Asset | None:
    """Give a file of ours by name; None for one that is not there."""
    media_type = _KINDS.get(Path(name).suffix)
    if media_type is None or name not in names():
        return None
    made = _MADE.get(name)
    return Asset.of(made() if made else (FOLDER / name).read_bytes(), media_type)


@lru_cache
def names() -> frozenset[str]:
    """Give the names of all files that are served."""
    return frozenset(path.name for path in FOLDER.iterdir() if path.is_file()) | frozenset(_MADE)


def address(name: str) -> str:
    """Give the address of a file, with its digest; the bundle goes by its maker's version."""
    if name in _MADE:
        return f"/aset/{name}?v={version('vl-convert-python')}"
    found = asset(name)
    assert found is not None, name
    return f"/aset/{name}?v={found.digest}"
