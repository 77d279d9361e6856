"""Answering with a document that callers fetch again and again: packed, or not at all."""

import gzip

from fastapi import Request, Response


def document(request: Request, body: bytes, sha256: str, media_type: str) -> Response:
    """Answer a document, packed where the caller can read that, or 304 where it has it already."""
    headers = {
        "ETag": f'"{sha256}"',
        "Cache-Control": "private, no-cache",
        "Vary": "Accept-Encoding",
    }
    if sha256 in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers |= {"ETag": f'W/"{sha256}"', "Content-Encoding": "gzip"}
        body = gzip.compress(body, 6, mtime=0)
    return Response(body, media_type=media_type, headers=headers)
