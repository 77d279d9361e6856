"""Lists made for one officer, as the OpenRosa door gives them out; the floors above make them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app.auth.scope import Scope


@dataclass(frozen=True, slots=True)
class EntityList:
    """A list of entities.

    `table` gives it as CSV for a scope within a lane; `gone` tells of ids whether a phone should
    forget them.
    """

    table: Callable[[Session, Scope, str], bytes]
    gone: Callable[[Session, Scope, str, Sequence[str]], Mapping[str, bool]]
