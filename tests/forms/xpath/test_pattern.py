import pytest

from forms.xpath.pattern import MAX_TEXT, Pattern, PatternError


@pytest.mark.parametrize(
    ("pattern", "matching", "other"),
    [
        ("", "", "a"),
        ("a|b|", "b", "ab"),
        ("[0-9]{3}", "012", "0123"),
        ("[0-9]{2,}", "0123", "0"),
        ("a{1,3}", "aaa", "aaaa"),
        ("a{0}b", "b", "ab"),
        ("(ab)+c?", "ababc", "abac"),
        ("a*?b", "aab", "aa"),
        ("(?:a|b)*", "abba", "abc"),
        (".", "x", "\n"),
        (r"\d\D\w\W\s\S", "1a_- x", "aaaaaa"),
        (r"[\d\-a-c\]]+", "1-b]", "d"),
        ("[^a-c]", "d", "b"),
        ("[a-]+", "a-", "b"),
        (r"[!-\/]", "+", "0"),
        (r"\.\\\/", ".\\/", "a\\/"),
        (r"\t\x41B", "\tAB", "tAB"),
        (r"\p{Lu}\p{L}*", "Éa", "éa"),
        (r"\P{L}\pN", "-1", "a1"),
        (r"\p{IsAlpha}[\p{Punct}]", "a!", "ab"),
        ("^a$", "a", "b"),
        ("(^a|b$)", "b", "c"),
        ("a$", "a", "aa"),
        ("^(?!0+$)[0-9]{3}", "010", "000"),
        ("(?=.*x)[a-z]+", "axb", "ab"),
        ("[^@ ]+@[^@ ]+[.][A-Za-z]{2,}", "a@b.id", "a@b"),
    ],
)
def test_the_whole_text_matches_or_not(pattern: str, matching: str, other: str) -> None:
    compiled = Pattern(pattern)
    assert compiled.matches(matching)
    assert not compiled.matches(other)


@pytest.mark.parametrize(
    "pattern",
    [
        "(a", "a)", "*", "a{", "a{x}", "a{2,1}", "a{9999}", "[", "[]", "[a[b]]", "[a&&b]", "[z-a]",
        "\\", r"\1", r"\b", r"\xzz", r"\p{Greek}", r"\p{L", "a++", "(?i)a", "(?<n>a)", "a(?=b)",
        "((a{1000}){1000})", "(" * 40 + ")" * 40, "a" * 3000, "(?=a",
    ],
)  # fmt: skip
def test_what_is_not_supported_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        Pattern(pattern)


def test_patterns_that_make_backtracking_engines_hang_answer() -> None:
    for pattern in ("(a+)+", "(a|a)*", r"(\w+([.-]?\w+)*)@", "(.*)*x"):
        assert not Pattern(pattern).matches("a" * 5_000 + "!")


def test_what_is_remembered_is_bounded() -> None:
    compiled = Pattern(".*a.{12}")
    many = "".join("ab"[int(bit)] for n in range(600) for bit in f"{n:013b}")
    assert compiled.matches(many + "a" + "b" * 12)
    assert not compiled.matches(many + "b" * 13)
    assert Pattern(".*").matches("".join(map(chr, range(0x4E00, 0x4E00 + 2_000))))
    assert not Pattern(".*").matches("a" * (MAX_TEXT + 1))
