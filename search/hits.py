"""What a search gives back: hits, each with the reason for its place. Knows no arrays."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class Why(BaseModel):
    """Why a node of the query holds at a hit: its score, and the evidence as further fields.

    A tree of the same form as the query. `search.why.score_from_why` computes the hit's score from
    it again.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    kind: str
    score: float | None  # in [0, 1]; None for a pure filter
    match: bool = True  # False: the node does not hold here (below any_of, not, weighted_sum)
    known: bool = True  # False: the collection says nothing of this here
    weight: float | None = None
    children: tuple["Why", ...] = ()

    def evidence(self, name: str) -> Any:
        """One further field."""
        return (self.model_extra or {})[name]

    def to_json(self) -> dict[str, Any]:
        """Plain values; what goes without saying (`match`, `known`) is left out."""
        return self.model_dump(mode="json", exclude_defaults=True)


class Hit(BaseModel):
    """One shot that was found, with its best moment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rank: int  # from 1, over all pages
    video: str  # the file's name, or its path where two share it
    video_id: str
    shot: str  # VIDEO_ID@START_MS: still found after a new segmentation
    start_ms: int
    end_ms: int  # exclusive
    time_ms: int  # the best moment
    score: float  # in [0, 1]; 1 where the query only filters
    why: Why

    def to_json(self) -> dict[str, Any]:
        """Plain values, in the order that the command line prints."""
        return {**self.model_dump(mode="json", exclude={"why"}), "why": self.why.to_json()}


class SearchResult(BaseModel):
    """One page of hits."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hits: tuple[Hit, ...]
    space: str | None  # that texts and pictures were compared in, unless a leaf names another
    took_ms: float
    total: int  # hits on all pages
    generation: str
    cursor: str | None = None  # of the next page; None on the last one
    notes: tuple[str, ...] = ()  # what people should know, such as a label that never occurs

    def to_json(self) -> dict[str, Any]:
        """Plain values, in the order that the command line prints."""
        rest = self.model_dump(mode="json", exclude={"hits"})
        return {"hits": [hit.to_json() for hit in self.hits], **rest}
