"""The columns of an XLSForm: which there are, what their aliases mean, in which order."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from types import MappingProxyType

SHEETS = ("settings", "choices", "survey", "entities", "external_choices", "osm")

# aliases that pyxform reads → the name we speak of
_ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "relevance": "relevant",
        "bind::relevant": "relevant",
        "calculate": "calculation",
        "bind::calculate": "calculation",
        "readonly": "read_only",
        "bind::readonly": "read_only",
        "bind::required": "required",
        "bind::constraint": "constraint",
        "constraining_message": "constraint_message",
        "bind::jr:constraintmsg": "constraint_message",
        "requiredmsg": "required_message",
        "bind::jr:requiredmsg": "required_message",
        "noapperrorstring": "no_app_error_string",
        "caption": "label",
        "command": "type",
        "tag": "name",
        "value": "name",
        "count": "repeat_count",
        "jr:count": "repeat_count",
        "control::jr:count": "repeat_count",
        "control::appearance": "appearance",
        "body::appearance": "appearance",
        "bind::entities:saveto": "save_to",
        "list name": "list_name",
        "dataset": "list_name",
        "media::image": "image",
        "media::audio": "audio",
        "media::video": "video",
        "media::big-image": "big-image",
        "id_string": "form_id",
        "set_form_id": "form_id",
        "title": "form_title",
        "set_form_title": "form_title",
    }
)
_MEDIA = ("image", "big-image", "audio", "video")
_TRANSLATED = (
    "label",
    "hint",
    "guidance_hint",
    "constraint_message",
    "required_message",
    "bind::se:warningMsg",
    "no_app_error_string",
    *_MEDIA,
)
_SURVEY = (
    "type",
    "name",
    "label",
    "hint",
    "guidance_hint",
    "required",
    "required_message",
    "relevant",
    "constraint",
    "constraint_message",
    "bind::se:warning",
    "bind::se:warningMsg",
    "calculation",
    "choice_filter",
    "appearance",
    "parameters",
    "default",
    "read_only",
    "repeat_count",
    "trigger",
    "save_to",
    *_MEDIA,
    "no_app_error_string",
    "autoplay",
    "rows",
    "intent",
    "disabled",
    "compact_tag",
    "query",
    "flat",
    "hxl",
)
_CHOICES = ("list_name", "name", "label", *_MEDIA, "geometry")
_SETTINGS = (
    "form_id",
    "version",
    "form_title",
    "default_language",
    "style",
    "namespaces",
    "instance_name",
    "instance_id",
    "public_key",
    "submission_url",
    "auto_send",
    "auto_delete",
    "allow_choice_duplicates",
    "clean_text_values",
    "omit_instanceid",
    "client_editable",
    "name",
    "prefix",
    "delimiter",
    "sms_keyword",
    "sms_separator",
    "sms_allow_media",
    "sms_date_format",
    "sms_datetime_format",
    "sms_response",
    "add_none_option",
    "set_geopoint_background",
    "id_string",
    "title",
)
_ENTITIES = ("list_name", "entity_id", "create_if", "update_if", "repeat", "label")

_KNOWN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "survey": _SURVEY,
        "choices": _CHOICES,
        "settings": _SETTINGS,
        "entities": _ENTITIES,
        "external_choices": _CHOICES,
        "osm": _CHOICES,
    }
)
_FREE = re.compile(r"(?:bind|body|control|instance|media|attribute|sms_\w+)(?:::?|$).*", re.DOTALL)
_OPEN_SHEETS = frozenset(["choices", "external_choices", "osm"])  # columns for filters are free
_FILTER = re.compile(r"[A-Za-z_][\w.-]*")


def canonical(column: str) -> str:
    """Name a column as we speak of it: `Relevance` → relevant, `label:en` → label::en."""
    base, language = split_language(column)
    return f"{base}::{language}" if language else base


def split_language(column: str) -> tuple[str, str]:
    """Split a translated column into its name and its language, '' for none."""
    delimiter = "::" if "::" in column else ":"
    parts = [part.strip() for part in column.split(delimiter)]
    for length in range(len(parts), 0, -1):
        base = _base("::".join(parts[:length]))
        if base in _TRANSLATED:
            return base, "::".join(parts[length:])
    return _base(column), ""


def is_known(sheet: str, column: str) -> bool:
    """Whether an XLSForm tool reads this column, or passes over it as a comment (`_note`)."""
    base, language = split_language(column)
    if sheet == "survey" and column.startswith("_"):
        return True
    if base in _KNOWN.get(sheet, ()):
        return not language or base in _TRANSLATED
    if sheet in _OPEN_SHEETS:
        return _FILTER.fullmatch(column) is not None
    return _FREE.fullmatch(column) is not None and sheet in ("survey", "settings")


def tidy(sheet: str, column: str) -> str:
    """Name a column of this sheet in the usual way; filters of choices keep their spelling."""
    if sheet in _OPEN_SHEETS:
        base, language = split_language(column)
        named = base in ("list_name", "name", "label", *_MEDIA) and "_".join(column.split()) != base
        return (f"{base}::{language}" if language else base) if named else column
    return canonical(column)


def plain_header(sheet: str, column: str) -> str:
    """Give the three columns that every row is known by their usual names; leave others alone."""
    named = tidy(sheet, column)
    return named if named in ("type", "name", "list_name") else column


def nearest(sheet: str, column: str) -> str:
    """Name the known column that was probably meant; '' for none."""
    base, _ = split_language(column)
    found = get_close_matches(base.lower(), _KNOWN[sheet], n=1, cutoff=0.8)
    return found[0] if found else ""


def ordered(columns: Iterable[str]) -> list[str]:
    """Give each column once: those that every XLSForm has in the usual order, then the others.

    Languages and unknown columns keep the order in which they come.
    """
    seen = {column: place for place, column in enumerate(dict.fromkeys(columns))}
    return sorted(seen, key=lambda column: (_rank(column), seen[column]))


_RANK: Mapping[str, int] = MappingProxyType(
    {
        column: place
        for place, column in enumerate(dict.fromkeys((*_SETTINGS[:1], "list_name", *_SURVEY)))
    }
)


def _rank(column: str) -> int:
    base, _ = split_language(column)
    return _RANK.get(base, len(_RANK))


_NAMES = frozenset(name for names in _KNOWN.values() for name in names)


def _base(column: str) -> str:
    """Resolve an alias; a column that nobody knows keeps its spelling, for filters use it."""
    snake = "_".join(column.split()).lower()
    found = _ALIASES.get(snake) or _ALIASES.get(snake.replace("_", " "))
    if found:
        return found
    return snake if snake in _NAMES else column
