"""What is known of persons, as plain values.

Videos are named by their public id, times are integer milliseconds of the video, boxes are
fractions of width and height: nothing here changes with clusters, runs or row numbers. Knows no
database.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from analyzers.finding import Box


@dataclass(frozen=True)
class Place:
    """Where somebody is seen: a box in one picture of a video."""

    video: str
    time_ms: int
    box: Box


@dataclass(frozen=True)
class Person:
    """An identity that somebody spoke of."""

    id: str  # public and stable, "p-" and 16 hexadecimal digits
    name: str | None = None
    is_hidden: bool = False


@dataclass(frozen=True)
class Anchor:
    """What somebody said: at this place is this person, or is not."""

    person: str  # its id
    place: Place
    is_yes: bool
    said_at: datetime  # UTC


@dataclass(frozen=True)
class Merge:
    """A person that was found to be another; its id leads there from then on."""

    id: str
    name: str | None  # that it had
    into: str  # the id of the living person that it leads to
    merged_at: datetime  # UTC


@dataclass(frozen=True)
class Span:
    """A box in a stretch of a video, where nobody is to be known; says nothing of whom."""

    video: str
    start_ms: int
    end_ms: int  # exclusive
    box: Box


@dataclass(frozen=True)
class Appearance:
    """One face followed through a shot, and where it is seen best."""

    video: str
    video_name: str  # of its file
    track: str
    start_ms: int
    end_ms: int  # exclusive
    time_ms: int  # of a keyframe, where the face is seen in one
    box: Box
    quality: float | None  # 0 to 100

    @property
    def place(self) -> Place:
        """Where it is seen best."""
        return Place(self.video, self.time_ms, self.box)


@dataclass(frozen=True)
class Seen:
    """A face in a stretch of video, and whose it is."""

    appearance: Appearance
    id: str | None  # of the person or cluster; None: in no cluster
    name: str | None
    is_person: bool
    is_hidden: bool


@dataclass(frozen=True)
class Entry:
    """A person, or a cluster of faces that is nobody's yet."""

    id: str
    name: str | None
    is_hidden: bool
    is_person: bool  # else a cluster
    tracks: int
    videos: int
    best: Appearance | None  # the face that is seen best


@dataclass(frozen=True)
class PersonRecord:
    """Everything that this store holds of one person."""

    person: Person
    anchors: tuple[Anchor, ...]
    merges: tuple[Merge, ...]  # that lead to it

    def to_json(self) -> str:
        """The same as JSON, moments in ISO 8601."""
        return json.dumps(asdict(self), default=datetime.isoformat, ensure_ascii=False, indent=2)
