import struct
import zlib

from app.demo.chance import chance
from app.demo.picture import HEIGHT, WIDTH, front


def test_a_front_is_a_small_png_whose_checksums_hold() -> None:
    picture = front(chance("picture"))
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(picture) < 1024
    chunks, at = {}, 8
    while at < len(picture):
        (size,) = struct.unpack_from(">I", picture, at)
        kind, body = picture[at + 4 : at + 8], picture[at + 8 : at + 8 + size]
        assert struct.unpack_from(">I", picture, at + 8 + size) == (zlib.crc32(kind + body),)
        chunks[kind] = body
        at += size + 12
    assert list(chunks) == [b"IHDR", b"IDAT", b"IEND"]
    assert struct.unpack(">IIBBBBB", chunks[b"IHDR"]) == (WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    assert len(zlib.decompress(chunks[b"IDAT"])) == HEIGHT * (1 + 3 * WIDTH)


def test_fronts_differ() -> None:
    assert front(chance(1)) != front(chance(2))
    assert front(chance(1)) == front(chance(1))
