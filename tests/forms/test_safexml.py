import pytest

from forms.errors import UnreadableXml
from forms.safexml import local_name, parse_xml

LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x0 "ha">
<!ENTITY x1 "&x0;&x0;&x0;&x0;&x0;&x0;&x0;&x0;&x0;&x0;">
<!ENTITY x2 "&x1;&x1;&x1;&x1;&x1;&x1;&x1;&x1;&x1;&x1;">
<!ENTITY x3 "&x2;&x2;&x2;&x2;&x2;&x2;&x2;&x2;&x2;&x2;">
<!ENTITY x4 "&x3;&x3;&x3;&x3;&x3;&x3;&x3;&x3;&x3;&x3;">]><a>&x4;</a>"""


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not xml",
        b"\x00\x01",
        b"<a>",
        b"<a></b>",
        b"<a/><b/>",
        b"<!DOCTYPE a><a/>",
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1/x.dtd"><a/>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        LAUGHS,
        "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>".encode("utf-16"),
        b'<?xml version="1.0" encoding="utf-8"?><a>\xff</a>',
        b'<?xml version="1.0" encoding="utf-16"?><a>x</a>',
        b'<?xml version="1.0" encoding="nonsense"?><a>x</a>',
        b"<a>" * 201 + b"</a>" * 201,
        b"<a>" * 5_000 + b"</a>" * 5_000,
        b"<a>" + b" " * 16_000_000 + b"</a>",
    ],
    ids=lambda body: repr(body[:40]),
)
def test_rubbish_is_named(body: bytes) -> None:
    with pytest.raises(UnreadableXml) as caught:
        parse_xml(body)
    assert "passwd" not in str(caught.value)


def test_what_is_read_has_neither_comments_nor_instructions() -> None:
    root = parse_xml(b'<?xml version="1.0"?><?do it?><a xmlns="urn:x">b<!-- c -->d<b/></a>')
    assert (local_name(root), root.text, [local_name(child) for child in root]) == (
        "a",
        "bd",
        ["b"],
    )


def test_bounds_are_the_callers() -> None:
    parse_xml(b"<a><b/></a>", max_depth=2)
    with pytest.raises(UnreadableXml, match="deeper than 1"):
        parse_xml(b"<a><b/></a>", max_depth=1)
    with pytest.raises(UnreadableXml, match="at most 5"):
        parse_xml(b"<a><b/></a>", max_bytes=5)
