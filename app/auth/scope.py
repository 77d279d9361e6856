"""The area scope, under the name of the floor that gives it to people.

The class lives in `app.areas.scope`, because the region tree itself is read through a scope and
imports go down only.
"""

from app.areas.scope import NATION, Scope

__all__ = ["NATION", "Scope"]
