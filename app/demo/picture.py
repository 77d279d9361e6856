"""A picture of a front, drawn: a few pixels of sky, roof, wall and door as PNG."""

import struct
import zlib
from random import Random

WIDTH, HEIGHT = 48, 36
_SKY, _DOOR = (174, 207, 232), (84, 62, 45)
_ROOF_AT, _WALL_AT, _DOOR_AT = 9, 16, 22
_COLUMNS_OF_DOOR = range(20, 28)


def front(rng: Random) -> bytes:
    """Draw a front in colours of its own; a PNG of under a kilobyte."""
    roof = (rng.randint(120, 190), rng.randint(50, 90), rng.randint(40, 70))
    wall = (rng.randint(200, 250), rng.randint(190, 240), rng.randint(150, 230))
    rows = (_row(line, roof, wall) for line in range(HEIGHT))
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)),
            _chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows))),
            _chunk(b"IEND", b""),
        )
    )


def _row(line: int, roof: tuple[int, int, int], wall: tuple[int, int, int]) -> bytes:
    if line < _ROOF_AT:
        return bytes(_SKY) * WIDTH
    if line < _WALL_AT:
        return bytes(roof) * WIDTH
    pixels = [
        _DOOR if line >= _DOOR_AT and column in _COLUMNS_OF_DOOR else wall
        for column in range(WIDTH)
    ]
    return b"".join(map(bytes, pixels))


def _chunk(kind: bytes, body: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + checksum
