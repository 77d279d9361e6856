"""The supervisors of the demo: they read what came in and decide about most of it."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import httpx

from app.core.ids import named_id

SHARE_DECIDED = 0.8  # the rest waits for tomorrow
_NOTE = "Mohon periksa lagi isian yang ditandai, lalu kirim ulang."
_PAGE = 1000


def review(http: httpx.Client, limit_share: float = SHARE_DECIDED) -> dict[str, int]:
    """Decide as one logged-in supervisor; give how many documents were approved and returned.

    Sub-SLS by sub-SLS; which ones depends on their code alone, so that the same day again decides
    the same. Documents with an error go back, the others are approved.
    """
    decided = {"approve": 0, "reject": 0}
    for row in _waiting(http):
        if _share(row["area_code"]) >= limit_share:
            continue
        verdict = "reject" if row["error_count"] else "approve"
        said = {
            "decision_id": str(
                named_id("demo decision", row["document_id"], str(row["current_position"]))
            ),
            "version_position": row["current_position"],
            "verdict": verdict,
            "note": _NOTE if verdict == "reject" else "",
        }
        path = f"/api/v1/documents/{row['lane']}/{row['document_id']}/decisions"
        http.post(path, json=said).raise_for_status()
        decided[verdict] += 1
    return decided


def _waiting(http: httpx.Client) -> Iterator[dict[str, Any]]:
    cursor: str | None = None
    while True:
        params = {"status": "SUBMITTED", "limit": str(_PAGE)}
        if cursor is not None:
            params["cursor"] = cursor
        answer = http.get("/api/v1/documents", params=params)
        answer.raise_for_status()
        page = answer.json()
        yield from page["rows"]
        cursor = page["next_cursor"]
        if cursor is None:
            return


def _share(area_code: str) -> float:
    """Give a number in [0, 1) that follows from an area's code."""
    return int.from_bytes(sha256(area_code.encode()).digest()[:4]) / 2**32
