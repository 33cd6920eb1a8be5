"""What a collection holds, as plain values: videos, shots, keyframes, runs, failures.

Times are integer milliseconds, ends exclusive. Knows nothing of how or where these are stored.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from analyzers.clip import Container
from analyzers.finding import Finding


@dataclass(frozen=True, kw_only=True)
class FoundVideo:
    """The facts of a video that was read, handed in to be stored."""

    path: str  # absolute
    container: Container
    size_bytes: int
    mtime_ns: int
    sample_hash: str
    side_cars: str = ""  # signature over the subtitle files beside the video; "" without any
    segmenter: str  # the name that is recorded for what made the shots
    decoder: str
    first_ms: int  # time of the first frame
    end_ms: int  # end of the last frame
    frames: int
    warnings: tuple[str, ...] = ()
    full_hash: str | None = None

    @property
    def name(self) -> str:
        """The file's name."""
        return os.path.basename(self.path)


@dataclass(frozen=True, kw_only=True)
class Video(FoundVideo):
    """One video of the collection."""

    id: int  # insertion number, 1 ...; never used again
    uid: str  # public id; stays when the file moves or changes
    added_at: datetime  # UTC
    revision: int = 0  # the collection's revision at which this video last changed


@dataclass(frozen=True)
class Shot:
    """A stretch of one video between two cuts."""

    number: int  # in the video, 0 ...
    start_ms: int
    end_ms: int


@dataclass(frozen=True)
class Keyframe:
    """A picture that stands for a span of a shot; the spans of a shot partition it."""

    shot: int  # number of the shot
    time_ms: int
    start_ms: int
    end_ms: int
    sharpness: float = 0.0


@dataclass(frozen=True)
class Scene:
    """Neighbouring shots that belong together."""

    number: int  # in the video, 0 ...
    start_ms: int
    end_ms: int


@dataclass(frozen=True)
class KeyframePictures:
    """The two JPEG pictures of one keyframe."""

    time_ms: int
    large: bytes
    small: bytes


class RunState(StrEnum):
    """Where one analyzer stands with one video."""

    DONE = "done"
    FAILED = "failed"
    STALE = "stale"  # its findings stand, but have to be made anew


class FileKind(StrEnum):
    """What a file of a run holds."""

    VECTORS = "vectors"
    TRACKS = "tracks"


@dataclass(frozen=True)
class StoredFile:
    """A Parquet file that the catalog names."""

    kind: FileKind
    owner: str  # the space of vectors, the analyzer of tracks
    path: str  # relative to the collection, with slashes
    sha256: str
    rows: int


@dataclass(frozen=True)
class Run:
    """One analyzer (name, version) on one video."""

    analyzer: str
    version: str
    state: RunState
    reason: str | None = None  # why it failed or has to be made anew
    seconds: float = 0.0
    finished_at: datetime | None = None  # UTC
    generation: str | None = None  # of a run over the whole collection
    decoder: str = ""  # which one its pictures came from, where it was shown any
    files: tuple[StoredFile, ...] = ()


@dataclass(frozen=True)
class RunStanding:
    """One line of the plan: what stands of one analyzer for one video."""

    video_id: int
    analyzer: str
    version: str
    state: RunState


@dataclass(frozen=True)
class TrackSpan:
    """When one person or thing was followed, without where it was."""

    analyzer: str
    id: str
    kind: str
    start_ms: int
    end_ms: int
    points: int


@dataclass(frozen=True)
class CollectionRun:
    """One analyzer (name, version) over all videos, as they stood at a generation."""

    analyzer: str
    version: str
    generation: str
    seconds: float
    finished_at: datetime  # UTC


@dataclass(frozen=True)
class Result:
    """What one analyzer said of one video, or, with a reason, why it failed."""

    analyzer: str
    version: str
    seconds: float = 0.0
    findings: Sequence[Finding] = ()
    reason: str | None = None  # a failed run; it has no findings
    decoder: str = ""  # which one its pictures came from, where it was shown any


@dataclass(frozen=True)
class CollectionResult:
    """What one analyzer said of all videos together."""

    analyzer: str
    version: str
    generation: str  # the state of the collection it looked at, as its caller names it
    findings: Sequence[tuple[Video, Sequence[Finding]]] = ()
    seconds: float = 0.0


@dataclass(frozen=True)
class Failure:
    """A video that could not be indexed."""

    path: str  # absolute
    stage: str
    reason: str
    size_bytes: int
    mtime_ns: int
    failed_at: datetime  # UTC


class ProblemKind(StrEnum):
    """What `check` finds."""

    ORPHAN = "orphan"  # a file that nothing names; it was removed
    FILE_MISSING = "file missing"  # its run was marked stale: `index` makes it anew
    FILE_DAMAGED = "file damaged"  # likewise
    PICTURES_MISSING = "pictures missing"
    VIDEO_MISSING = "video missing"
    VIDEO_CHANGED = "video changed"  # `index` reads it anew


@dataclass(frozen=True)
class Problem:
    """One thing that is not as it should be."""

    kind: ProblemKind
    path: str  # of a video absolute, else relative to the collection
    detail: str  # one line: what was done about it, or what to do


@dataclass(frozen=True)
class Counts:
    """How much a collection holds."""

    videos: int
    shots: int
    keyframes: int
