"""Who is on which track: arrays against plain loops over everything."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.finding import Box
from indexer.people.person import Anchor, Place, Span
from indexer.people.resolving import (
    PersonMapping,
    TrackClusters,
    find_forgotten,
    resolve_persons,
)
from indexer.people.tracks import Tracks

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LEFT: Box = (0.0, 0.0, 0.4, 1.0)
RIGHT: Box = (0.5, 0.0, 0.9, 1.0)


@dataclass(frozen=True)
class One:
    """One track."""

    video: str
    start_ms: int
    end_ms: int
    samples: tuple[tuple[int, Box], ...]
    cluster: int = 0


def track(video: str, start_ms: int, box: Box = LEFT, cluster: int = 0) -> One:
    """A track of 1 s that stands still."""
    return One(video, start_ms, start_ms + 1_000, ((start_ms + 500, box),), cluster)


def pack(each: Sequence[One]) -> TrackClusters:
    """Tracks as arrays."""
    uids = tuple(sorted({one.video for one in each}))
    samples = [sample for one in each for sample in one.samples]
    tracks = Tracks(
        uids=uids,
        videos=np.array([uids.index(one.video) for one in each], np.int32),
        start_ms=np.array([one.start_ms for one in each], np.int64),
        end_ms=np.array([one.end_ms for one in each], np.int64),
        offsets=np.cumsum([0, *(len(one.samples) for one in each)]).astype(np.int64),
        times_ms=np.array([time for time, _ in samples], np.int64),
        boxes=np.array([box for _, box in samples], np.float64).reshape(-1, 4),
    )
    return TrackClusters(tracks, np.array([one.cluster for one in each], np.int64))


def say(
    person: str, video: str, time_ms: int, box: Box = LEFT, *, yes: bool = True, at: int = 0
) -> Anchor:
    """What somebody said, `at` seconds after noon."""
    return Anchor(person, Place(video, time_ms, box), yes, NOON + timedelta(seconds=at))


def names(mapping: PersonMapping) -> list[str]:
    """The person of each track, "" for nobody."""
    return ["" if each < 0 else mapping.persons[each] for each in mapping.tracks]


def test_one_anchor_names_the_whole_cluster_in_all_videos() -> None:
    tracks = [track("a", 0), track("b", 0), track("b", 5_000, cluster=1)]
    mapping = resolve_persons([say("ann", "a", 999)], pack(tracks))

    assert names(mapping) == ["ann", "ann", ""]
    assert mapping.find_tracks("ann").tolist() == [0, 1]
    assert mapping.find_tracks("bob").tolist() == []
    assert (mapping.contested.tolist(), mapping.astray.tolist()) == ([], [])


@pytest.mark.parametrize(
    ("video", "time_ms", "box"),
    [("b", 500, LEFT), ("a", -1, LEFT), ("a", 1_000, LEFT), ("a", 500, RIGHT)],
)
def test_an_anchor_that_means_no_track_is_told(video: str, time_ms: int, box: Box) -> None:
    mapping = resolve_persons([say("ann", video, time_ms, box)], pack([track("a", 0)]))

    assert (names(mapping), mapping.astray.tolist()) == ([""], [0])


def test_of_two_tracks_at_once_the_one_that_overlaps_more_is_meant() -> None:
    tracks = [track("a", 0, LEFT), track("a", 0, RIGHT, cluster=1)]
    mapping = resolve_persons([say("ann", "a", 500, (0.35, 0.0, 0.9, 1.0))], pack(tracks))

    assert names(mapping) == ["", "ann"]


def test_the_box_of_a_moving_track_is_that_of_the_time() -> None:
    moving = One("a", 0, 1_000, ((0, LEFT), (900, RIGHT)))

    assert names(resolve_persons([say("ann", "a", 100, LEFT)], pack([moving]))) == ["ann"]
    assert names(resolve_persons([say("ann", "a", 100, RIGHT)], pack([moving]))) == [""]
    assert names(resolve_persons([say("ann", "a", 800, RIGHT)], pack([moving]))) == ["ann"]


def test_a_shared_cluster_goes_to_the_person_with_most_tracks_in_it() -> None:
    tracks = [track("a", 2_000 * number) for number in range(5)]
    said = [say("bob", "a", 0), say("ann", "a", 2_000), say("ann", "a", 4_000)]
    mapping = resolve_persons(said, pack(tracks))

    assert names(mapping) == ["bob", "ann", "ann", "ann", "ann"]
    assert mapping.contested.tolist() == []


def test_a_cluster_that_two_persons_claim_alike_is_nobodys_but_for_their_tracks() -> None:
    tracks = [track("a", 2_000 * number, cluster=7) for number in range(3)]
    mapping = resolve_persons([say("bob", "a", 0), say("ann", "a", 2_000)], pack(tracks))

    assert (names(mapping), mapping.contested.tolist()) == (["bob", "ann", ""], [7])


def test_many_anchors_on_one_track_are_one_vote() -> None:
    tracks = [track("a", 2_000 * number) for number in range(4)]
    said = [say("bob", "a", time) for time in range(0, 900, 100)]
    said += [say("ann", "a", 2_000), say("ann", "a", 4_000)]

    assert names(resolve_persons(said, pack(tracks))) == ["bob", "ann", "ann", "ann"]


def test_a_no_keeps_its_track_out_until_somebody_says_yes() -> None:
    tracks = [track("a", 0), track("a", 2_000), track("a", 4_000)]
    said = [say("ann", "a", 0), say("ann", "a", 2_000, yes=False, at=1)]

    assert names(resolve_persons(said, pack(tracks))) == ["ann", "", "ann"]
    said.append(say("ann", "a", 2_100, at=2))
    assert names(resolve_persons(said, pack(tracks))) == ["ann", "ann", "ann"]
    said.append(say("ann", "a", 2_200, yes=False, at=2))  # at the same moment: no
    assert names(resolve_persons(said, pack(tracks))) == ["ann", "", "ann"]
    assert names(resolve_persons(said[::-1], pack(tracks))) == ["ann", "", "ann"]


def test_a_no_to_one_person_says_nothing_of_another() -> None:
    tracks = [track("a", 0), track("a", 2_000)]
    said = [say("ann", "a", 0), say("bob", "a", 2_000, yes=False)]

    assert names(resolve_persons(said, pack(tracks))) == ["ann", "ann"]


def test_a_track_is_of_the_person_that_was_said_last() -> None:
    said = [say("ann", "a", 0), say("bob", "a", 100, at=1)]

    assert names(resolve_persons(said, pack([track("a", 0)]))) == ["bob"]
    at_once = [replace(each, said_at=NOON) for each in said]
    assert names(resolve_persons(at_once, pack([track("a", 0)]))) == [""]


def test_a_track_without_a_cluster_names_no_other() -> None:
    tracks = [track("a", 0, cluster=-1), track("a", 2_000, cluster=-1)]
    mapping = resolve_persons([say("ann", "a", 0)], pack(tracks))

    assert (names(mapping), mapping.contested.tolist()) == (["ann", ""], [])


def test_a_person_may_have_several_clusters() -> None:
    tracks = [track("a", 2_000 * number, cluster=number % 2) for number in range(4)]
    said = [say("ann", "a", 0), say("ann", "a", 2_000)]

    assert names(resolve_persons(said, pack(tracks))) == ["ann"] * 4


def test_without_tracks_or_anchors_nobody_is_anywhere() -> None:
    assert names(resolve_persons([], pack([track("a", 0)]))) == [""]
    assert resolve_persons([say("ann", "a", 0)], pack([])).astray.tolist() == [0]
    assert find_forgotten([Span("a", 0, 1, LEFT)], pack([]).tracks).tolist() == []
    assert find_forgotten([], pack([track("a", 0)]).tracks).tolist() == [False]


TIMES = st.integers(-1, 6)
BOXES = st.tuples(*[st.integers(0, 1)] * 2, *[st.integers(1, 2)] * 2).map(
    lambda b: (b[0] / 8, b[1] / 8, (b[0] + b[2]) / 8, (b[1] + b[3]) / 8)
)
VIDEOS = st.sampled_from("ab")
SAMPLES = st.dictionaries(TIMES, BOXES, min_size=1, max_size=3).map(lambda d: sorted(d.items()))
TRACKS = st.lists(
    st.builds(
        lambda video, start, length, samples, cluster: One(
            video, start, start + length, tuple(samples), cluster
        ),
        *(VIDEOS, TIMES, st.integers(1, 8), SAMPLES, st.integers(-1, 3)),
    ),
    max_size=10,
)
ANCHORS = st.lists(
    st.builds(
        lambda person, video, time, box, yes, at: say(person, video, time, box, yes=yes, at=at),
        *(st.sampled_from(["ann", "bob", "eve"]), st.sampled_from("abx"), TIMES, BOXES),
        *(st.booleans() | st.just(True), st.integers(0, 2)),
    ),
    max_size=10,
)
SPANS = st.lists(
    st.builds(
        lambda video, start, length, box: Span(video, start, start + length, box),
        *(st.sampled_from("abx"), TIMES, st.integers(1, 5), BOXES),
    ),
    max_size=4,
)


@given(TRACKS, ANCHORS)
def test_persons_are_those_of_the_plain_rules(tracks: list[One], anchors: list[Anchor]) -> None:
    mapping = resolve_persons(anchors, pack(tracks))

    assert (names(mapping), mapping.contested.tolist(), mapping.astray.tolist()) == plainly(
        anchors, tracks
    )


@given(TRACKS, ANCHORS, st.permutations(range(4)), st.randoms(use_true_random=False))
def test_other_numbers_of_clusters_and_another_order_of_anchors_change_nothing(
    tracks: list[One], anchors: list[Anchor], numbers: list[int], random: Random
) -> None:
    other = [1_000 * number for number in numbers] + [-1]
    shuffled = list(anchors)
    random.shuffle(shuffled)
    before = resolve_persons(anchors, pack(tracks))
    again = resolve_persons(
        shuffled, pack([replace(each, cluster=other[each.cluster]) for each in tracks])
    )

    assert names(again) == names(before)
    assert set(again.contested) == {other[number] for number in before.contested}


@given(TRACKS, SPANS)
def test_tracks_under_a_tombstone_are_those_of_the_plain_rule(
    tracks: list[One], spans: list[Span]
) -> None:
    forgotten = [any(is_under(one, span) for span in spans) for one in tracks]

    assert find_forgotten(spans, pack(tracks).tracks).tolist() == forgotten


def is_under(one: One, span: Span) -> bool:
    """Whether a track lies under a tombstone."""
    if one.video != span.video or one.start_ms >= span.end_ms or one.end_ms <= span.start_ms:
        return False
    inside = [box for time, box in one.samples if span.start_ms <= time < span.end_ms]
    return max(shared(box, span.box) for box in inside or [box_at(one, span.start_ms)]) >= 0.3


def box_at(one: One, time_ms: int) -> Box:
    """The box of a track that is nearest in time, the earlier of two."""
    return min(one.samples, key=lambda sample: abs(sample[0] - time_ms))[1]


def shared(a: Box, b: Box) -> float:
    """Intersection over union."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    both = max(width, 0) * max(height, 0)
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (a, b)]
    return both / (sum(areas) - both)


def plainly(anchors: list[Anchor], tracks: list[One]) -> tuple[list[str], list[int], list[int]]:
    """The rules of `resolve_persons`, one after the other."""
    astray = []
    stands: dict[tuple[int, str], Anchor] = {}
    for number, anchor in enumerate(anchors):
        hit = met(anchor, tracks)
        if hit is None:
            astray.append(number)
            continue
        known = stands.get((hit, anchor.person))
        rank = (anchor.said_at, not anchor.is_yes)
        if known is None or rank >= (known.said_at, not known.is_yes):
            stands[hit, anchor.person] = anchor
    owners = owners_of(stands)
    of_cluster, contested = shares(owners, tracks)
    found = [owners.get(n, of_cluster.get(one.cluster, "")) for n, one in enumerate(tracks)]
    for (hit, person), said in stands.items():
        if not said.is_yes and found[hit] == person:
            found[hit] = ""
    return found, contested, astray


def owners_of(stands: dict[tuple[int, str], Anchor]) -> dict[int, str]:
    """The person that tracks were said last to be of; "" where two were said at once."""
    owners: dict[int, str] = {}
    for track in {hit for hit, _ in stands}:
        yes = [each for (hit, _), each in stands.items() if hit == track and each.is_yes]
        late = [each.person for each in yes if each.said_at == max(y.said_at for y in yes)]
        if yes:
            owners[track] = late[0] if len(late) == 1 else ""
    return owners


def shares(owners: dict[int, str], tracks: list[One]) -> tuple[dict[int, str], list[int]]:
    """Whom clusters go to, and those that are contested."""
    of_cluster, contested = {}, []
    for cluster in sorted({one.cluster for one in tracks} - {-1}):
        votes = Counter(
            owner for hit, owner in owners.items() if owner and tracks[hit].cluster == cluster
        ).most_common()
        if len(votes) > 1 and votes[0][1] == votes[1][1]:
            contested.append(cluster)
        elif votes:
            of_cluster[cluster] = votes[0][0]
    return of_cluster, contested


def met(anchor: Anchor, tracks: list[One]) -> int | None:
    """The track that an anchor means."""
    place, best = anchor.place, None
    least = 0.3
    for number, one in enumerate(tracks):
        if one.video == place.video and one.start_ms <= place.time_ms < one.end_ms:
            overlap = shared(box_at(one, place.time_ms), place.box)
            if overlap >= least and (best is None or overlap > least):
                best, least = number, overlap
    return best
