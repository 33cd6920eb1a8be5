"""What was put into the collection and taken out of it, and what had to be found when.

The catalog counts a revision up with every commit, and a generation names the one that it was made
from: so it is known of each which films it must find, neither more nor fewer. Knows no engine.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

from bench.growth.checking import Seen
from bench.growth.films import number_of
from bench.growth.watching import Sighting
from indexer.collection import Collection
from indexer.records import Video


@dataclass(frozen=True)
class Stay:
    """A film that was in the collection for a while."""

    film: int  # its number
    revision: int  # at which it was added
    committed: float  # seconds since 1970, just before the commit ended
    removed: float = inf  # the revision at which it was taken out


class Ledger:
    """Follows a collection from commit to commit; nobody else may write to it."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        with collection.catalog.reading() as reader:
            self._known = set(reader.read_revisions())  # insertion numbers; none is used twice
        self._present: dict[int, tuple[Stay, Video]] = {}  # by the film's number
        self._left: list[Stay] = []
        self.facts: set[Seen] = set()  # of every film that ever was there

    @property
    def stays(self) -> list[Stay]:
        """All, those that have ended and those that go on."""
        return [*self._left, *(stay for stay, _ in self._present.values())]

    @property
    def present(self) -> list[int]:
        """The numbers of the films that are there, those that came first at the beginning."""
        return list(self._present)

    def note_added(self) -> None:
        """Write down the films that came since."""
        with self._collection.catalog.reading() as reader:
            new = [id for id in reader.read_revisions() if id not in self._known]
            videos = reader.find_videos(new)
        self._known.update(new)
        for video in videos:
            number = number_of(video.name)
            assert number is not None  # nobody else writes
            stay = Stay(number, video.revision, video.added_at.timestamp())
            self._present[number] = stay, video
            self.facts |= self._find_facts(video)

    def remove(self, films: Sequence[int]) -> None:
        """Take films out, as `shotseek remove` does."""
        from indexer.generations.build import bring_up_to_date

        for number in films:
            stay, video = self._present.pop(number)
            self._collection.remove_video(video)
            revision = self._collection.revision
            self._left.append(Stay(number, stay.revision, stay.committed, revision))
        bring_up_to_date(self._collection)

    def _find_facts(self, video: Video) -> set[Seen]:
        """Every shot with every moment it has."""
        shots = {shot.number: shot for shot in self._collection.catalog.find_shots(video)}
        found = self._collection.catalog.find_keyframes(video)
        pairs = [(shots[each.shot], each.time_ms) for each in found]
        return {(video.name, video.uid, s.start_ms, s.end_ms, ms) for s, ms in pairs}


def find_mixed(stays: Sequence[Stay], sightings: Iterable[Sighting]) -> list[str]:
    """The generations that found other films than there were; what was wrong with each."""
    wrong = []
    for one in sightings:
        there = {s.film for s in stays if s.revision <= one.revision < s.removed}
        more, fewer = len(one.films - there), len(there - one.films)
        if more or fewer:
            wrong.append(f"{one.generation} finds {more} films too many, {fewer} too few")
    return wrong


def find_delays(stays: Sequence[Stay], sightings: Sequence[Sighting]) -> list[float]:
    """For each stay that was seen, the seconds from its commit to the first answer with it."""
    delays = []
    for stay in stays:
        shown = (s for s in sightings if stay.revision <= s.revision < stay.removed)
        first = next((each.answered for each in shown if stay.film in each.films), None)
        if first is not None:
            delays.append(first - stay.committed)
    return delays
