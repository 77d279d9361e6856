"""The region tree as JSON.

This floor does not know people. Who knows whose scope counts makes the router, by handing in the
dependency that gives it: `app.auth.routes` does, and serves it.
"""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from app.areas import service
from app.areas.schemas import AreaAnswer, AreaList
from app.areas.scope import Scope
from app.core.db import View


def areas_router(asking_scope: Callable[..., Scope]) -> APIRouter:
    """Give the router; `asking_scope` is a dependency that refuses callers without a login."""
    router = APIRouter(tags=["areas"])

    @router.get("/areas")
    def areas(
        session: View,
        scope: Annotated[Scope, Depends(asking_scope)],
        parent: Annotated[
            str | None, Query(description="BPS code; absent: where the caller's scope begins")
        ] = None,
    ) -> AreaList:
        """List the areas right below one."""
        return service.areas_below(session, scope, parent)

    @router.get("/areas/{code}")
    def area(
        session: View, scope: Annotated[Scope, Depends(asking_scope)], code: str
    ) -> AreaAnswer:
        """Give one area with the way down to it; 404 outside the caller's scope."""
        return service.one_area(session, scope, code)

    return router
