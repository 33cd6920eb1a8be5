"""The specification of `Analyzer`: what each of them, built in or added later, has to keep.

Built-in analyzers are found by the registry; those of faces and objects have small models here. The
encoders stand for themselves: the toy one and an open_clip model with random weights.
"""

import dataclasses
import re
import subprocess
import sys
from typing import get_args

import numpy as np
import pytest

from analyzers.actions import make_actions
from analyzers.analyzer import Analyzer, Scope, Wants
from analyzers.clip import Clip
from analyzers.composition import CompositionAnalyzer
from analyzers.embed import EmbedAnalyzer
from analyzers.finding import Embedding, Finding, Label, Track, Words
from analyzers.persons import PersonsAnalyzer
from analyzers.registry import Registered, find_analyzers, make_encoder

BUILT_IN = [one for one in find_analyzers() if one.origin == "shotseek"]
EMBEDDERS = ["toy", "embed"]
TOLERANCE = 1e-5  # of numbers in findings, between batches of other sizes


@pytest.fixture(scope="module", params=[*(one.name for one in BUILT_IN), *EMBEDDERS])
def analyzer(request: pytest.FixtureRequest) -> Analyzer:
    if request.param == "toy":
        return EmbedAnalyzer(make_encoder("toy"), "toy")
    if request.param == "embed":
        folder = request.getfixturevalue("tiny_folder")
        return EmbedAnalyzer(make_encoder(f"local-dir:{folder}"), "embed:tiny")
    if request.param == "faces":
        faces: Analyzer = request.getfixturevalue("make_plain_faces")()
        return faces
    if request.param == "composition":
        return CompositionAnalyzer(request.getfixturevalue("light_patch"))
    if request.param == "persons":
        return PersonsAnalyzer()
    if request.param == "objects":
        objects: Analyzer = request.getfixturevalue("make_plain_objects")()
        return objects
    if request.param == "actions":
        return make_actions(encoder=make_encoder("toy"))
    made = next(one for one in BUILT_IN if one.name == request.param).load()()
    assert isinstance(made, Analyzer)
    return made


@pytest.fixture(scope="module")
def answers(analyzer: Analyzer, clips: list[Clip]) -> list[list[Finding]]:
    """What it says of all clips, given together."""
    return analyzer.analyze(clips)


def test_it_says_what_it_is(analyzer: Analyzer) -> None:
    assert re.fullmatch(r"[a-z0-9_-]+(:[A-Za-z0-9._-]+)?", analyzer.name)
    assert analyzer.version
    assert isinstance(analyzer.version, str)
    assert isinstance(analyzer.scope, Scope)
    assert isinstance(analyzer.wants, Wants)
    assert isinstance(analyzer.needs, tuple)


@pytest.mark.parametrize("built_in", BUILT_IN, ids=lambda one: one.name)
def test_it_is_made_with_or_without_a_device_and_bears_its_registered_name(
    built_in: Registered,
) -> None:
    factory = built_in.load()
    assert factory().name == factory(device="cpu").name == built_in.name


def test_making_all_of_them_loads_no_library_and_no_weights() -> None:
    heavy = {"torch", "open_clip", "transformers", "timm", "rapidocr", "onnxruntime", "cv2", "PIL"}
    code = (
        "import sys; from analyzers.registry import make_analyzers;"
        "names = [one.name for p in ('demo', 'standard') for chosen in ('all', 'faces', 'persons')"
        " for one in make_analyzers(chosen, p)];"
        f"print(len(names), *sorted({heavy} & set(sys.modules)))"
    )
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    count, *woken = made.stdout.split()
    assert int(count) >= 2 * (len(BUILT_IN) + 1)
    assert not woken


def test_no_clips_give_no_answers(analyzer: Analyzer) -> None:
    assert analyzer.analyze([]) == []


def test_each_clip_gets_one_answer(clips: list[Clip], answers: list[list[Finding]]) -> None:
    assert isinstance(answers, list)
    assert len(answers) == len(clips)
    assert all(isinstance(answer, list) for answer in answers)


def test_answers_do_not_depend_on_the_batch_or_its_order(
    analyzer: Analyzer, clips: list[Clip], answers: list[list[Finding]]
) -> None:
    for clip, answer in reversed(list(zip(clips, answers, strict=True))):
        assert_alike(analyzer.analyze([clip])[0], answer)


def test_it_says_findings_of_the_closed_set(answers: list[list[Finding]]) -> None:
    assert any(answers)
    assert all(isinstance(one, get_args(Finding)) for answer in answers for one in answer)


def test_findings_lie_inside_their_clip(clips: list[Clip], answers: list[list[Finding]]) -> None:
    for clip, answer in zip(clips, answers, strict=True):
        for finding in answer:
            assert type(finding.start_ms) is type(finding.end_ms) is int
            assert clip.start_ms <= finding.start_ms < finding.end_ms <= clip.end_ms


def test_findings_about_keyframes_carry_their_spans(
    analyzer: Analyzer, clips: list[Clip], answers: list[list[Finding]]
) -> None:
    only_keyframes = analyzer.wants == Wants(keyframes=True)  # then it can speak of nothing else
    for clip, answer in zip(clips, answers, strict=True):
        spans = {(picture.start_ms, picture.end_ms) for picture in clip.keyframes}
        if any(isinstance(finding, Track) for finding in answer):  # from one keyframe to another
            starts, ends = zip(*sorted(spans), strict=True)
            spans = {(start, end) for start in starts for end in ends if start < end}
        said = {(finding.start_ms, finding.end_ms) for finding in answer}
        assert said <= spans or not only_keyframes


def test_nothing_is_found_where_nothing_is_shown(
    clips: list[Clip], answers: list[list[Finding]]
) -> None:
    bare = next(
        answer
        for clip, answer in zip(clips, answers, strict=True)
        if not (clip.keyframes or clip.container or clip.cues or clip.side_cars)
    )
    assert bare == []


def test_numbers_are_in_their_ranges(answers: list[list[Finding]]) -> None:
    for finding in (one for answer in answers for one in answer):
        if isinstance(finding, Words | Label):
            assert 0 <= finding.score <= 1
        if isinstance(finding, Words):
            assert finding.text.strip()
        if isinstance(finding, Embedding):
            assert finding.vector.dtype == np.float32
            assert np.linalg.norm(finding.vector) == pytest.approx(1, abs=1e-3)
        box = getattr(finding, "box", None)
        if box is not None:
            assert 0 <= box[0] < box[2] <= 1
            assert 0 <= box[1] < box[3] <= 1


def test_embeddings_lie_in_a_space_that_it_names(
    analyzer: Analyzer, answers: list[list[Finding]]
) -> None:
    spaces = getattr(analyzer, "spaces", ())
    dims = {space.name: space.dim for space in spaces}
    for finding in (one for answer in answers for one in answer):
        if isinstance(finding, Embedding):
            assert dims[finding.space] == len(finding.vector)


def assert_alike(some: list[Finding], others: list[Finding]) -> None:
    assert [type(one) for one in some] == [type(one) for one in others]
    for one, other in zip(some, others, strict=True):
        mine, theirs = _values(one), _values(other)
        for name, value in mine.items():
            if isinstance(value, float | tuple | np.ndarray):
                assert np.allclose(value, theirs[name], atol=TOLERANCE), name
            else:
                assert value == theirs[name], name


def _values(finding: Finding) -> dict[str, object]:
    assert not isinstance(finding, Track) or finding.id
    return {one.name: getattr(finding, one.name) for one in dataclasses.fields(finding)}
