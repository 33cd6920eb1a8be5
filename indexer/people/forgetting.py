"""Forgets a person for real: what is stored, the search files, at last the name.

The order, so that it can be killed anywhere and done again:

1. Tombstones stand and the person is hidden, in one transaction. From now on nothing is stored of
   it, whatever is being indexed.
2. Every video with a tombstone is rewritten: its vectors, tracks and rows; what nothing names any
   more is removed.
3. Search files are made without it, and all older ones are removed.
4. The person goes, with its name and all that was said of it.

One process or thread forgets at a time: the next one would take a forgetting under way for one that
was broken off, and end it a second time.

Pictures of the videos stay: they show what the videos show. Out of reach: see README.md.
"""

import fcntl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from indexer.collection import Collection
from indexer.generations.superseding import supersede
from indexer.people.faces import Face
from indexer.people.people import People
from indexer.people.person import Person, Span
from indexer.people.withholding import spans_of
from indexer.tombstones import names_of

LOCK_NAME = "forgetting.lock"  # stays, and is empty

Tell = Callable[[str], None]  # is told what is being done


@dataclass(frozen=True)
class Forgotten:
    """What went."""

    tracks: int
    videos: int  # that were rewritten
    tombstones: int
    generation: str | None  # the new search files; None where there were none


@contextmanager
def forgetting_alone(folder: Path) -> Iterator[None]:
    """Wait until nobody else forgets in a collection; a process that ends forgets no longer."""
    with (folder / LOCK_NAME).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def forget(
    collection: Collection, people: People, person: Person, faces: Sequence[Face], tell: Tell
) -> Forgotten:
    """Forget a person that is seen on these faces.

    Raises:
        CollectionBusy: another process writes, or reads the people store, for too long; do it
            again.
        CollectionDamaged: a file is missing; mend the collection, and do it again.
    """
    tell("tombstones")
    spans = _find_spans(collection, people, person, faces)
    buried = people.bury(person.id, spans)
    videos = sweep(collection, people, tell)
    tell("search files")
    generation = supersede(collection)
    tell("name")
    people.forget(person.id, spans)
    return Forgotten(len(faces), videos, len(buried), generation)


def sweep(collection: Collection, people: People, tell: Tell = lambda stage: None) -> int:
    """Remove all that tombstones forbid from what is stored; how many videos were rewritten."""
    named = {span.video for span in people.find_tombstones()}
    if not named:
        return 0
    rewritten = 0
    for video in collection.catalog.find_videos():
        if named.intersection(names_of(video)):
            tell(video.name)
            rewritten += collection.withdraw(video)
    collection.remove_orphans()
    return rewritten


def _find_spans(
    collection: Collection, people: People, person: Person, faces: Sequence[Face]
) -> list[Span]:
    """Where a person was seen or said to be, by the ids of videos and by those of contents."""
    spans = [
        span for face in faces for uid in names_of(face.video) for span in spans_of(face.track, uid)
    ]
    names = {video.uid: names_of(video) for video in collection.catalog.find_videos()}
    said = [anchor.place for anchor in people.find_anchors(person.id) if anchor.is_yes]
    moments = [
        Span(uid, at.time_ms, at.time_ms + 1, at.box)
        for at in said
        for uid in names.get(at.video, (at.video,))
    ]
    return list(dict.fromkeys([*spans, *moments]))
