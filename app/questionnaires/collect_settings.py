"""Settings for ODK Collect as it scans them: JSON in zlib in base64 in a QR code; pure."""

import base64
import io
import json
import zlib
from typing import Final, TextIO

import segno

_SCALE: Final = 8  # pixels of a module: a phone reads it from a screen as well as from paper


def collect_settings(server_url: str, project: str) -> str:
    """Give the text of the code that sets the app up for a server.

    The app keeps to the office's forms and sends what is finished by itself.
    """
    told = {
        "general": {
            "protocol": "odk_default",
            "server_url": server_url,
            "form_update_mode": "match_exactly",
            "automatic_update": True,
            "autosend": "wifi_and_cellular",
        },
        "admin": {},
        "project": {"name": project, "icon": "S", "color": "#0b5c8a"},
    }
    packed = zlib.compress(json.dumps(told, separators=(",", ":")).encode(), 9)
    return base64.b64encode(packed).decode()


def as_png(text: str) -> bytes:
    """Draw a QR code as PNG."""
    return _drawn(text, "png")


def draw_on(terminal: TextIO, text: str) -> None:
    """Draw a QR code on a terminal, two rows of it in one line."""
    segno.make(text, micro=False).terminal(out=terminal, compact=True)


def as_svg(text: str) -> str:
    """Draw a QR code as SVG for a page: no namespace, no style."""
    drawn: str = segno.make(text, micro=False).svg_inline(
        scale=5, border=4, dark="#000", light="#fff", omitsize=False
    )
    return drawn


def _drawn(text: str, kind: str) -> bytes:
    file = io.BytesIO()
    segno.make(text, micro=False).save(file, kind=kind, scale=_SCALE, border=4)
    return file.getvalue()
