"""Broken requests as named problems (RFC 9457), in the caller's language.

Problem
├── NotFound            404  also what lies outside the caller's area
├── Unauthenticated     401
├── Forbidden           403
├── Invalid             422  the request cannot be understood
├── TooLarge            413
├── Conflict            409
├── TooManyRequests     429  try again after a while, which it names
└── Unavailable         503  try again later
"""

from typing import ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response


class Problem(Exception):  # noqa: N818 - RFC 9457 calls it a problem
    """A request that its caller must change; the message says how, in both languages."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"
    title_id: ClassVar[str] = "Permintaan tidak dapat diproses"
    title_en: ClassVar[str] = "The request cannot be processed"

    def __init__(self, message_id: str, message_en: str, *, code: str | None = None) -> None:
        super().__init__(message_en)
        self.message_id = message_id
        self.message_en = message_en
        self.kind = code or self.code

    def told(self, language: str) -> str:
        """Give the sentence in the language `id` or `en`."""
        return self.message_en if language == "en" else self.message_id

    def titled(self, language: str) -> str:
        """Give the title in the language `id` or `en`."""
        return self.title_en if language == "en" else self.title_id

    def body(self, language: str) -> dict[str, object]:
        """Give the members of the problem document."""
        return {
            "type": f"urn:se2026:problem:{self.kind}",
            "title": self.titled(language),
            "status": self.status,
            "code": self.kind,
            "detail": self.told(language),
        }

    def headers(self) -> dict[str, str]:
        """Give the headers that belong to the answer."""
        return {}


class NotFound(Problem):
    """What was asked for does not exist, or not for this caller."""

    status = 404
    code = "not_found"
    title_id = "Tidak ditemukan"
    title_en = "Not found"

    def __init__(
        self,
        message_id: str = "Halaman atau data ini tidak ada, atau di luar wilayah kerja Anda.",
        message_en: str = "This page or record does not exist, or lies outside your area.",
    ) -> None:
        super().__init__(message_id, message_en)


class Unauthenticated(Problem):
    """The caller must log in."""

    status = 401
    code = "unauthenticated"
    title_id = "Perlu masuk"
    title_en = "Login needed"

    def headers(self) -> dict[str, str]:
        """Name the way to log in, as HTTP asks of every 401."""
        return {"WWW-Authenticate": "Bearer"}


class Forbidden(Problem):
    """The caller's role does not allow this."""

    status = 403
    code = "forbidden"
    title_id = "Tidak diizinkan"
    title_en = "Not allowed"


class Invalid(Problem):
    """The request cannot be understood as it is."""

    status = 422
    code = "invalid"


class TooLarge(Problem):
    """The request is larger than the service takes."""

    status = 413
    code = "too_large"
    title_id = "Terlalu besar"
    title_en = "Too large"


class Conflict(Problem):
    """The request contradicts what is already there."""

    status = 409
    code = "conflict"
    title_id = "Bertentangan dengan data yang ada"
    title_en = "Conflicts with what is there"


class TooManyRequests(Problem):
    """The caller has tried too often; `retry_after` is in seconds."""

    status = 429
    code = "too_many_requests"
    title_id = "Terlalu sering mencoba"
    title_en = "Too many attempts"

    def __init__(self, message_id: str, message_en: str, *, retry_after: int) -> None:
        super().__init__(message_id, message_en)
        self.retry_after = retry_after

    def headers(self) -> dict[str, str]:
        """Tell how many seconds to wait."""
        return {"Retry-After": str(self.retry_after)}


class Unavailable(Problem):
    """The service cannot answer now; the caller should try again."""

    status = 503
    code = "unavailable"
    title_id = "Layanan sedang tidak tersedia"
    title_en = "Service unavailable"


def language_of(request: Request) -> str:
    """Give the caller's language: the cookie, else Accept-Language, else Indonesian."""
    chosen = request.cookies.get("language")
    if chosen in {"id", "en"}:
        return str(chosen)
    first = request.headers.get("accept-language", "").split(",")[0].strip().lower()
    return "en" if first.startswith("en") else "id"


def as_json(request: Request, problem: Problem) -> Response:
    """Answer a problem as application/problem+json."""
    return JSONResponse(
        problem.body(language_of(request)),
        status_code=problem.status,
        media_type="application/problem+json",
        headers=problem.headers(),
    )
