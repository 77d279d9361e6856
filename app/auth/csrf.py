"""A page of somebody else must not act with our user's cookie.

Browsers say where an unsafe request comes from: by `Sec-Fetch-Site`, older ones by `Origin`. What
sends neither is no browser, and has no cookie that somebody could abuse.
"""

from urllib.parse import urlsplit

from starlette.requests import Request

from app.core.problems import Forbidden

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def refuse_foreign(request: Request) -> None:
    """Raise Forbidden for an unsafe request that a page of another site sent.

    A dependency of its own for forms before login; after it, the actor's dependency asks.
    """
    if request.method not in SAFE_METHODS and _is_foreign(request):
        raise Forbidden(
            "Permintaan ini datang dari situs lain. Buka halaman ini langsung, lalu ulangi.",
            "This request came from another site. Open this page directly and try again.",
            code="foreign_origin",
        )


def _is_foreign(request: Request) -> bool:
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc in _own_hosts(request):
        return False
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    return origin is not None


def _own_hosts(request: Request) -> set[str]:
    public = urlsplit(request.app.state.settings.public_url).netloc
    return {request.headers.get("host", ""), public} - {""}
