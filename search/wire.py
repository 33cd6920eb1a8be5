"""The answers of the HTTP API as plain values, shared by server and client.

Addresses of media are paths below the API's own address, such as `/media/pictures/ID`; where the
API asks for a token they carry a signature that expires. Times are milliseconds. Knows no server,
no engine.
"""

import json
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticSerializationError

from search.hits import SearchResult

if TYPE_CHECKING:
    from search.where import KnownNames


class Wire(BaseModel):
    """A frozen answer, or a part of one; fields that a newer server adds are let pass."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return self.model_dump(mode="json")

    def to_bytes(self) -> bytes:
        """The same as JSON in UTF-8."""
        try:
            return self.model_dump_json().encode()
        except PydanticSerializationError:
            return _escape(self.to_json())


class Media(Wire):
    """Where the pictures and the film of one moment are."""

    picture: str  # the keyframe, at most 1280 px long
    small: str  # the same, for lists
    play: str  # what a browser can play: the video itself, or the clip
    play_from_ms: int  # the video's time at which `play` begins
    clip: str  # the shot alone as MP4, cut (and where needed transcoded) when first asked for
    clip_from_ms: int


class Found(SearchResult):
    """One page of hits with their media, in the same order."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    media: tuple[Media, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain values: what the command line prints, and the media."""
        return {**super().to_json(), "media": [one.to_json() for one in self.media]}

    def to_bytes(self) -> bytes:
        """The same as JSON in UTF-8, in one pass over the hits: a page has thousands of values."""
        try:
            hits = self.model_dump_json(include={"hits"}, exclude_defaults=True)
            rest = self.model_dump_json(exclude={"hits"})
        except PydanticSerializationError:
            return _escape(self.to_json())
        return f"{hits[:-1]},{rest[1:]}".encode()


def _escape(plain: dict[str, Any]) -> bytes:
    """JSON in ASCII: names of files that are no UTF-8 have no other way to travel."""
    return json.dumps(plain).encode("ascii")


class VideoSummary(Wire):
    """One video."""

    id: str
    name: str  # the file's name, or its path where two share it
    title: str | None = None
    duration_ms: int
    width: int  # px
    height: int  # px
    date: str  # when it was made, ISO 8601 in UTC
    size_bytes: int
    shot_count: int
    media: Media | None = None  # of its first keyframe; None without shots


class VideoList(Wire):
    """Videos in the order in which they were added."""

    videos: tuple[VideoSummary, ...]
    total: int  # that match, on all pages


class ShotSummary(Wire):
    """One shot."""

    id: str  # VIDEO_ID@START_MS
    number: int  # in its video, from 0
    start_ms: int
    end_ms: int  # exclusive
    time_ms: int  # of its first keyframe
    media: Media


class WordsFound(Wire):
    """Words of a stretch of video."""

    kind: str  # read, said, subtitle, title, caption
    text: str
    start_ms: int
    end_ms: int
    score: float
    language: str | None = None
    box: tuple[float, float, float, float] | None = None
    analyzer: str


class LabelFound(Wire):
    """A label of a stretch of video."""

    name: str  # vocabulary/name
    start_ms: int
    end_ms: int
    score: float
    box: tuple[float, float, float, float] | None = None
    track: str | None = None
    analyzer: str


class MeasureFound(Wire):
    """A number measured in a stretch of video."""

    name: str
    value: float
    unit: str
    start_ms: int
    end_ms: int
    analyzer: str


class RelationFound(Wire):
    """Subject, predicate, object; the ends are tracks, persons, labels or words."""

    subject: str
    subject_kind: str
    predicate: str
    object: str
    object_kind: str
    start_ms: int
    end_ms: int
    score: float
    analyzer: str


class TrackFound(Wire):
    """One person or thing that was followed."""

    id: str
    kind: str
    start_ms: int
    end_ms: int
    points: int
    analyzer: str


class RunStatus(Wire):
    """How one analyzer fared with a video."""

    analyzer: str
    version: str
    state: str  # done, failed, stale
    reason: str | None = None


class VideoDetails(VideoSummary):
    """One video with all its shots, words and labels."""

    format: str
    codec: str
    fps: float
    tags: dict[str, str]
    warnings: tuple[str, ...]
    runs: tuple[RunStatus, ...]
    shots: tuple[ShotSummary, ...]
    words: tuple[WordsFound, ...]
    labels: tuple["LabelCount", ...]  # with the number of this video's shots


class KeyframeSummary(Wire):
    """A picture that stands for a part of a shot."""

    time_ms: int
    start_ms: int
    end_ms: int
    sharpness: float
    media: Media


class ShotDetails(ShotSummary):
    """One shot with everything that is known of it, and its neighbours."""

    video: VideoSummary
    keyframes: tuple[KeyframeSummary, ...]
    before: tuple[ShotSummary, ...]  # the shots before it, in order of time
    after: tuple[ShotSummary, ...]
    words: tuple[WordsFound, ...]
    labels: tuple[LabelFound, ...]
    measures: tuple[MeasureFound, ...]
    relations: tuple[RelationFound, ...]
    tracks: tuple[TrackFound, ...]
    spaces: tuple[str, ...]  # in which it has vectors


class LabelCount(Wire):
    """A label that occurs, and in how many shots."""

    name: str  # vocabulary/name
    vocabulary: str
    shots: int


class MeasureCount(Wire):
    """A measure that occurs."""

    name: str
    unit: str
    values: int  # pairs of shot and value


class LabelList(Wire):
    """What can be filtered by."""

    labels: tuple[LabelCount, ...]
    measures: tuple[MeasureCount, ...]

    def known(self) -> "KnownNames":
        """The same as the grammar of `where` wants it."""
        from search.where import KnownNames

        labels = tuple(label.name for label in self.labels)
        return KnownNames(labels, tuple(measure.name for measure in self.measures))


class Suggestion(Wire):
    """A filter that would find something."""

    where: str  # as `where` takes it: colour=red, label=coco/person, read=...
    name: str
    kind: str  # label, colour, measure, video, word
    count: int  # shots; of a word its occurrences


class SuggestionList(Wire):
    """Filters that begin with, or contain, what was typed; the most frequent first."""

    suggestions: tuple[Suggestion, ...]


class SpaceStatus(Wire):
    """One embedding space."""

    name: str
    dim: int
    encoder: str


class AnalyzerStatus(Wire):
    """On how many videos one version of an analyzer has been run."""

    name: str
    version: str
    done: int
    failed: int
    stale: int


class FailureStatus(Wire):
    """A file that could not be indexed."""

    name: str
    stage: str
    reason: str


class GenerationStatus(Wire):
    """The search files that answers come from."""

    name: str
    revision: int
    created: str
    fresh: bool  # holds what the collection holds now


class CollectionStatus(Wire):
    """What a collection holds, and whether it can be searched."""

    id: str
    name: str
    version: str  # of shotseek
    state: str  # ready, empty (no videos), unbuilt (no search files yet)
    videos: int
    shots: int
    keyframes: int
    hours: float
    spaces: tuple[SpaceStatus, ...]
    analyzers: tuple[AnalyzerStatus, ...]
    failures: tuple[FailureStatus, ...]
    generation: GenerationStatus | None
    bytes: dict[str, int]  # by part of the collection's folder; empty while it is being counted
    notes: tuple[str, ...]


class PictureUploaded(Wire):
    """A query picture that was handed in."""

    id: str  # for `picture` of a search
    expires_at: str  # ISO 8601 in UTC
    width: int  # px
    height: int  # px
    picture: str  # where it can be seen


class Health(Wire):
    """Whether the server is alive, and what it answers from."""

    status: str  # ok, unbuilt
    generation: str | None
    version: str


class Problem(Wire):
    """What went wrong, as application/problem+json (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    hint: str  # what to do about it
