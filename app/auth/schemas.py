"""What the doors of this floor say."""

from uuid import UUID

from pydantic import BaseModel, Field

from app.auth.actor import Actor
from app.auth.models import Role


class TokenAnswer(BaseModel):
    """A bearer token, as OAuth2 writes it."""

    access_token: str
    token_type: str = "bearer"  # noqa: S105 - the kind of token, not a secret
    expires_in: int = Field(description="seconds")


class Me(BaseModel):
    """Who is logged in."""

    id: UUID
    user_name: str
    display_name: str
    role: Role
    areas: list[str] = Field(description="BPS codes; the empty code is the nation")
    lane: str = Field(description="the regency, four digits; shorter for wider areas")

    @classmethod
    def of(cls, actor: Actor) -> "Me":
        """Describe an actor."""
        return cls(
            id=actor.id,
            user_name=actor.user_name,
            display_name=actor.display_name,
            role=actor.role,
            areas=list(actor.scope.areas),
            lane=actor.lane,
        )
