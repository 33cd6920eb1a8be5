"""What a search gives back: hits, each with the reason for its place. Knows no arrays."""

from collections.abc import Iterable
from itertools import repeat
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict

Model = TypeVar("Model", bound=BaseModel)
_NO_FIELDS: set[str] = set()  # which were set by hand: nothing here asks for that


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
    estimated: bool = False  # the score rests on estimates of cosines, and so does its place
    similar: int = 0  # hits further down that look the same and are folded under this one

    def to_json(self) -> dict[str, Any]:
        """Plain values, in the order that the command line prints; the last two only if so."""
        plain = self.model_dump(mode="json", exclude={"why", "estimated", "similar"})
        told: dict[str, Any] = {"estimated": True} if self.estimated else {}
        if self.similar:
            told["similar"] = self.similar
        return {**plain, "why": self.why.to_json(), **told}


def assemble_whys(
    fields: Iterable[dict[str, Any]], evidence: Iterable[dict[str, Any]]
) -> list[Why]:
    """Reasons from values that are right: all declared fields in their order, and the evidence."""
    return _assemble(Why, fields, evidence)


def assemble_hits(fields: Iterable[dict[str, Any]]) -> tuple[Hit, ...]:
    """Hits from values that are right: all fields in their order."""
    return tuple(_assemble(Hit, fields, repeat(None)))


def _assemble(
    model: type[Model], fields: Iterable[dict[str, Any]], extras: Iterable[dict[str, Any] | None]
) -> list[Model]:
    """What pydantic's `model_construct` does, without its pass over the fields: 15 times as fast.

    A page has thousands of these; checking what the engine itself has made costs more than all its
    arithmetic.
    """
    made = []
    create, put = model.__new__, object.__setattr__
    for own, extra in zip(fields, extras, strict=False):
        one = create(model)
        put(one, "__dict__", own)
        put(one, "__pydantic_fields_set__", _NO_FIELDS)
        put(one, "__pydantic_extra__", extra)
        put(one, "__pydantic_private__", None)
        made.append(one)
    return made


class SearchResult(BaseModel):
    """One page of hits."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hits: tuple[Hit, ...]
    space: str | None  # that texts and pictures were compared in, unless a leaf names another
    took_ms: float
    total: int  # hits on all pages, those that are folded too
    generation: str
    cursor: str | None = None  # of the next page; None on the last one
    notes: tuple[str, ...] = ()  # what people should know, such as a label that never occurs

    def to_json(self) -> dict[str, Any]:
        """Plain values, in the order that the command line prints."""
        rest = self.model_dump(mode="json", exclude={"hits"})
        return {"hits": [hit.to_json() for hit in self.hits], **rest}
