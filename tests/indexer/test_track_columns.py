"""Tracks, boxed labels and vectors of boxes in generations: what a plain look at findings gives."""

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plain_films import SPACES, Plain, Videos, compare, go_on, make_film

from analyzers.finding import Embedding
from indexer.generations import streams, vector_writing
from indexer.generations.content import ContentBroken
from indexer.generations.generation import Generation
from indexer.generations.manifest import GenerationUnreadable, Manifest, UsedPart
from indexer.generations.opening import find_generations, finish, open_generation
from indexer.generations.plain_content import PlainVideo, content_of
from indexer.generations.planning import QUICK, THOROUGH, Rules, make_plan
from indexer.generations.writing import build_in_memory, build_part_in_memory, write_generation

SOME = st.sets(st.integers(1, 9), max_size=3)
HISTORIES = st.lists(st.tuples(st.integers(0, 3), SOME, SOME), min_size=1, max_size=4)
RULES = st.sampled_from((Rules(1, 0), Rules(0.6, 0), QUICK, THOROUGH))


def build_next(last: Generation | None, videos: Videos, rules: Rules) -> Generation:
    states = {id: (video.uid, video.revision) for id, video in videos.items()}
    plan = make_plan(last.parts if last else (), states, rules)
    parts, dead = [kept.part for kept in plan.kept], [kept.dead for kept in plan.kept]
    if plan.written or not parts:
        content = content_of([videos[id] for id in plan.written], SPACES)
        parts, dead = [*parts, build_part_in_memory(content, str(len(parts)))], [*dead, ()]
    uses = tuple(UsedPart(part.manifest.name, gone) for part, gone in zip(parts, dead, strict=True))
    return finish(Manifest("next", "", 0, "", SPACES, uses, {}, 0), parts)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=HISTORIES, rules=RULES, seed=st.integers(0, 9999))
def test_whatever_came_changed_and_went_columns_are_what_a_plain_look_gives(
    history: list[tuple[int, set[int], set[int]]], rules: Rules, seed: int
) -> None:
    dice, videos, generation = random.Random(seed), Videos(), None
    for change in ((3, set[int](), set[int]()), *history):
        go_on(videos, change, dice)
        generation = build_next(generation, videos, rules)
        compare(generation, Plain([videos[id] for id in generation.videos.id.tolist()]))


def films(count: int = 6, seed: int = 1) -> list[PlainVideo]:
    dice = random.Random(seed)
    return [make_film(id, dice) for id in range(1, count + 1)]


def test_what_is_on_the_disk_is_what_was_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "CHUNK_BYTES", 64)
    write_generation(tmp_path, content_of(films(), SPACES))
    compare(open_generation(tmp_path), Plain(films()))


def test_many_vectors_of_boxes_are_kept_as_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_writing, "EXACT_MOST", 3)
    generation = build_in_memory(content_of(films(30), SPACES))
    exact = [
        one.vector
        for _, one in Plain(films(30)).said(Embedding, lambda one: one.box or one.track)
        if one.space == "faces"
    ]
    vectors = generation.track_vectors("faces")
    assert not vectors.is_exact
    queries = np.eye(4, dtype=np.float32)
    np.testing.assert_allclose(vectors.scores(queries), np.array(exact).T, atol=0.05)
    places = np.arange(len(vectors))
    np.testing.assert_allclose(vectors.rescore(queries, places), np.array(exact).T, atol=1e-3)


def test_a_generation_without_any_writes_nothing(tmp_path: Path) -> None:
    bare = [replace(video, findings=()) for video in films()]
    write_generation(tmp_path, content_of(bare, SPACES))
    files = [path.name for path in tmp_path.glob("indexes/parts/*/*")]
    assert not [name for name in files if name.startswith(("tracks", "crops", "labels.boxes"))]
    generation = open_generation(tmp_path)
    assert (len(generation.tracks), generation.crop_spaces()) == (0, ())
    assert len(generation.tracks.boxes_of("face")) == len(generation.boxed_labels("x")) == 0
    assert tuple(generation.spaces) == ("pictures", "faces")


def test_one_part_is_given_as_it_lies() -> None:
    generation = build_in_memory(content_of(films(), SPACES))
    held = generation.parts[0].tracks.boxes
    boxes = generation.tracks.boxes_of("face")
    for name in ("shot", "time_ms", "box", "score", "track"):
        assert np.shares_memory(getattr(boxes, name), getattr(held, name)), name


@pytest.mark.parametrize("name", ["tracks.shot", "tracks.boxes.box", "crops.faces.vectors"])
def test_damaged_columns_are_refused(name: str, tmp_path: Path) -> None:
    write_generation(tmp_path, content_of(films(), SPACES))
    (file,) = tmp_path.glob(f"indexes/parts/*/{name}.npy")
    whole = file.read_bytes()
    file.write_bytes(whole[:-1])
    with pytest.raises(
        GenerationUnreadable, match=f"{name}.npy is damaged: run `shotseek rebuild`"
    ):
        open_generation(tmp_path)
    file.write_bytes(b"?" * len(whole))
    with pytest.raises(GenerationUnreadable, match="is damaged: run `shotseek rebuild`"):
        open_generation(tmp_path)
    file.unlink()
    with pytest.raises(GenerationUnreadable, match=f"{name}.npy is missing"):
        open_generation(tmp_path)
    assert len(find_generations(tmp_path)) == 1


def test_vectors_of_boxes_other_than_announced_are_refused() -> None:
    content = content_of(films(), SPACES)
    for wrong in (-1, 1):
        broken = [replace(one, count=one.count + wrong) for one in content.crops]
        with pytest.raises(ContentBroken, match="vectors of boxes"):
            build_in_memory(replace(content_of(films(), SPACES), crops=broken))
