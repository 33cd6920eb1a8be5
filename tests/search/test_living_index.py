"""A generation of several parts answers what one that is made anew answers."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from trees import TREES
from worlds import PaletteEncoder, make_video

from analyzers.encoder import Range, Space
from analyzers.error import ShotseekError
from indexer.generations.generation import Generation
from indexer.generations.manifest import Manifest, UsedPart
from indexer.generations.opening import finish
from indexer.generations.plain_content import PlainVideo, content_of
from indexer.generations.planning import QUICK, THOROUGH, Rules, make_plan
from indexer.generations.writing import build_in_memory, build_part_in_memory
from search.engine import SearchEngine
from search.options import SearchOptions
from search.query import read_query

NEAR = 1e-5
SPACES = (
    Space("one", 4, "palette", Range(-0.2131, 0.9372), Range(0.1137, 0.9731)),
    Space("two", 4, "palette", Range(0.1212, 0.8131), Range(-0.5127, 0.9914)),
)
ENCODERS = {space.name: PaletteEncoder(space) for space in SPACES}
Videos = dict[int, PlainVideo]  # by insertion number

# What happens between two builds: how many videos come, and which of the others change or go.
SOME = st.sets(st.integers(1, 12), max_size=3)
CHANGES = st.tuples(st.integers(0, 3), SOME, SOME)
HISTORIES = st.tuples(st.integers(2, 8), st.lists(CHANGES, min_size=1, max_size=4))
RULES = st.sampled_from((Rules(1, 0), Rules(0.6, 0), Rules(1, 0.5), QUICK, THOROUGH))


def go_on(videos: Videos, change: Any, dice: random.Random) -> None:
    """Let videos come, change and go."""
    come, changed, gone = change
    for id in gone:
        videos.pop(id, None)
    for id in changed & videos.keys():
        videos[id] = new_video(id, dice)
    first = max(videos, default=0) + 1
    videos.update({id: new_video(id, dice) for id in range(first, first + come)})


def new_video(id: int, dice: random.Random) -> PlainVideo:
    """What is read when a video came or has changed."""
    return replace(make_video(id - 1, dice), id=id, revision=dice.randrange(1 << 30))


def build_next(last: Generation | None, videos: Videos, rules: Rules) -> Generation:
    """What `bring_up_to_date` does, in memory."""
    states = {id: (video.uid, video.revision) for id, video in videos.items()}
    plan = make_plan(last.parts if last else (), states, rules)
    parts, used = [kept.part for kept in plan.kept], [kept.dead for kept in plan.kept]
    if plan.written or not parts:
        name = f"part {len(parts)}"
        content = content_of([videos[id] for id in plan.written], SPACES)
        parts, used = [*parts, build_part_in_memory(content, name=name)], [*used, ()]
    uses = tuple(UsedPart(part.manifest.name, dead) for part, dead in zip(parts, used, strict=True))
    return finish(Manifest("next", "", 0, "", SPACES, uses, {}, 0), parts)


def build_anew(videos: Videos) -> Generation:
    return build_in_memory(content_of([videos[id] for id in sorted(videos)], SPACES))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    history=HISTORIES,
    rules=RULES,
    trees=st.lists(TREES, min_size=1, max_size=3),
    seed=st.integers(0, 9999),
)
def test_whatever_came_changed_and_went_answers_are_those_of_a_new_build(
    history: Any, rules: Rules, trees: Sequence[Any], seed: int
) -> None:
    dice, videos, generation = random.Random(seed), Videos(), None
    for change in ((history[0], set(), set()), *history[1]):
        go_on(videos, change, dice)
        generation = build_next(generation, videos, rules)
        fresh = build_anew(videos)
        compare_tables(generation, fresh)
        for tree in trees:
            query = read_query(json.dumps(ground(tree, list(videos.values()))))
            answers = [ask(SearchEngine(each, ENCODERS), query) for each in (generation, fresh)]
            compare_answers(*answers)


def ground(node: Any, videos: Sequence[PlainVideo]) -> Any:
    """The same tree, where shots to compare with are some that the collection has."""
    if isinstance(node, list):
        return [ground(part, videos) for part in node]
    if not isinstance(node, dict):
        return node
    if node.get("kind") != "shot":
        return {key: ground(value, videos) for key, value in node.items()}
    shown = [video for video in videos if video.shots] or [PlainVideo("none", [(0, 1)])]
    video = shown[node["pick"] % len(shown)]
    start, end = video.shots[node["pick"] % len(video.shots)]
    time_ms = (start + end) // 2
    return {"kind": "shot", "video": video.uid, "time_ms": time_ms, "space": node["space"]}


def ask(engine: SearchEngine, query: Any) -> Any:
    """All hits by shot, in their order, with the notes; or what is wrong."""
    try:
        result = engine.search(query, SearchOptions(k=1000))
    except ShotseekError as error:
        return str(error)
    scores = [hit.score for hit in result.hits]
    assert scores == sorted(scores, reverse=True)
    assert result.total == len(result.hits)
    return {hit.shot: hit.to_json() for hit in result.hits}, result.notes


def compare_answers(parted: Any, fresh: Any) -> None:
    if isinstance(fresh, str) or isinstance(parted, str):
        assert parted == fresh
        return
    assert parted[1] == fresh[1]
    assert parted[0].keys() == fresh[0].keys()
    for shot, hit in fresh[0].items():
        found = parted[0][shot]
        assert found["score"] == pytest.approx(hit["score"], abs=NEAR)
        if found["time_ms"] == hit["time_ms"]:  # else moments differ by rounding only
            compare_values(found["why"], hit["why"])


def compare_values(found: Any, expected: Any) -> None:
    if isinstance(expected, Mapping):
        assert found.keys() == expected.keys()
        for key in expected:
            compare_values(found[key], expected[key])
    elif isinstance(expected, list):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            compare_values(one, other)
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, abs=NEAR)
    else:
        assert found == expected


def compare_tables(parted: Generation, fresh: Generation) -> None:
    """What is listed rather than searched."""
    assert set(parted.videos.uid) == set(fresh.videos.uid)
    assert len(parted.rows) == len(fresh.rows)
    assert parted.labels.names() == fresh.labels.names()
    assert parted.measures.names() == fresh.measures.names()
    assert len(parted.words.documents) == len(fresh.words.documents)
    words = parted.words.begin_with("", 100)
    assert set(dict(words)) >= set(dict(fresh.words.begin_with("", 100)))
    for word, _ in words:
        kinds = (parted.words.kinds_with(word, 1000), fresh.words.kinds_with(word, 1000))
        assert kinds[0].tolist() == kinds[1].tolist()
    for number, uid in enumerate(parted.videos.uid):
        compare_video(parted, number, fresh, fresh.videos.uid.index(uid))


def compare_video(parted: Generation, number: int, fresh: Generation, same: int) -> None:
    """What is known of one video."""
    spans = []
    for generation, video in ((parted, number), (fresh, same)):
        videos, shots, rows = generation.videos, generation.shots, generation.rows
        first, end = videos.first_shot[video], videos.first_shot[video + 1]
        low, high = shots.first_row[first], shots.first_row[end]
        spans.append(
            {
                "facts": (videos.id[video], videos.name[video], videos.width[video]),
                "shots": (shots.number[first:end].tolist(), shots.end_ms[first:end].tolist()),
                "video": set(shots.video[first:end].tolist()) <= {video},
                "rows": rows.time_ms[low:high].tolist(),
                "shot": (rows.shot[low:high] - first).tolist(),
                "labels": generation.labels.count_between(int(first), int(end)).tolist(),
                "known": [s.known[low:high].tolist() for s in generation.spaces.values()],
            }
        )
    assert spans[0] == spans[1]
