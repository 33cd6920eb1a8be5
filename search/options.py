"""How the hits of a query are listed: how many, in which order, from where on. Knows no query."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class SearchOptions(BaseModel):
    """What is not part of the query itself."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    k: int = Field(20, ge=1, le=100_000, description="Hits on a page.")
    group: Literal["none", "video"] = Field(
        "none", description="video: the hits of a video together, videos by their best hit."
    )
    sort: Literal["score", "time"] = Field(
        "score", description="time: in order of the videos, and of time in them."
    )
    per_video: int | None = Field(
        None, ge=1, le=10**9, description="At most the best so many of a video."
    )
    min_score: float | None = Field(
        None, ge=0, le=1, description="Hits that score less are left out."
    )
    distinct: float | None = Field(
        None,
        gt=0.5,
        le=1,
        description="Fold a hit under the first before it that looks the same: the cosine of "
        "their pictures from which on they do, such as 0.95.",
    )
    cursor: str | None = Field(None, description="The next page, as the last page named it.")
    space: str | None = Field(
        None, description="For leaves that name none; by default the collection's first."
    )
