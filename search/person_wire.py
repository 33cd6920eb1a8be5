"""The answers of the HTTP API about persons, shared by server and client.

A person is either known (somebody named it, or said where it is seen), with an id that stays, or a
cluster of faces that look alike, whose id may change with the next clustering. Boxes are fractions
of width and height. Knows no server, no store.
"""

from typing import TypeAlias

from search.wire import Media, Wire

Box: TypeAlias = tuple[float, float, float, float]  # x0, y0, x1, y1


class FaceFound(Wire):
    """One face, from when it comes into a shot until it goes, at the moment it is seen best."""

    video: str  # its id
    name: str  # the video's
    shot: str | None = None  # VIDEO_ID@START_MS; None where the search files do not know it yet
    track: str
    start_ms: int
    end_ms: int  # exclusive
    time_ms: int
    box: Box
    quality: float | None = None  # [0, 100]
    face: str | None = None  # where a picture of the face is; None where no keyframe shows it
    media: Media | None = None


class FaceSeen(FaceFound):
    """One face of a shot, and whose it is."""

    person: str | None = None  # the id of the person, or of the cluster; None: of neither
    person_name: str | None = None
    known: bool = False  # somebody spoke of the person


class ShotFaces(Wire):
    """The faces of one shot, in order of time; those of hidden persons are left out."""

    faces: tuple[FaceSeen, ...]


class PersonSummary(Wire):
    """One person, or faces that look alike and that nobody has named."""

    id: str
    name: str | None = None
    known: bool  # somebody spoke of it; else it is a cluster
    hidden: bool = False
    appearances: int
    videos: int
    face: FaceFound | None = None  # the best seen; None where it is seen nowhere any more


class PersonList(Wire):
    """Named persons by name, then those without a name, then clusters, the largest first."""

    persons: tuple[PersonSummary, ...]
    total: int  # that match, on all pages
    hidden: int  # that are hidden, and listed only where that is asked


class PersonDetails(PersonSummary):
    """One person and where it is seen, in the order of videos and time."""

    shots: int  # in how many
    faces: tuple[FaceFound, ...]  # of the page that was asked for


class PersonForgotten(Wire):
    """What was removed, and may not come back."""

    appearances: int
    videos: int
    tombstones: int  # places that say only: nobody is to be known here
