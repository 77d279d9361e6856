"""Tallies per sub-SLS, recounted from units and documents whenever one of them changed."""

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class CoverageTally(SQLModel, table=True):
    """Counts of one leaf area; sums of these are the counts of every area above."""

    __tablename__ = "coverage_tally"
    __table_args__ = (
        sa.Index(
            "ix_coverage_tally_area", "area_code", postgresql_ops={"area_code": "text_pattern_ops"}
        ),
    )

    lane: str = Field(primary_key=True)
    area_code: str = Field(
        primary_key=True, description="sub-SLS; the lane's code for records without a known area"
    )
    prelist: int = Field(default=0, description="units known beforehand")
    not_visited: int = 0
    not_found: int = Field(default=0, description="presence 00")
    found: int = Field(default=0, description="presence 1: found of prelist")
    new: int = Field(default=0, description="presence 2: found and not on the prelist")
    closed: int = Field(default=0, description="presence 3")
    duplicate: int = Field(default=0, description="presence 4")
    non_response: int = Field(default=0, description="presence 9")
    submitted: int = Field(default=0, description="documents that wait for a decision")
    approved: int = Field(default=0, description="units with an approved document")
    rejected: int = 0
    with_errors: int = Field(default=0, description="documents with an error finding")
