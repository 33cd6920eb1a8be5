"""How analyzers are run: batches across videos, order of need, failures and their cost."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from analyzers.analyzer import Scope, Wants
from analyzers.clip import Clip, Container, Sound
from analyzers.finding import Finding, Measure
from indexer.filling.planning import Job, Work
from indexer.filling.report import IndexReport
from indexer.filling.runner import AnalyzerRunner, ShotTask
from indexer.filling.scanning import FoundFile
from indexer.filling.work import VideoWork, group_scenes
from indexer.keyframes import KeyframeMaterial, encode_jpeg
from indexer.records import Shot
from indexer.single_pass import ShotMaterial

CONTAINER = Container("a.mp4", "mp4", "h264", 16, 16, 25.0, 10_000, 1, 0)
NOTHING = Wants()


class Counter:
    """Says how many findings and pictures it was shown; remembers its batches."""

    def __init__(
        self,
        name: str,
        needs: tuple[str, ...] = (),
        scope: Scope = Scope.SHOT,
        wants: Wants = NOTHING,
        fails_at: int | None = None,
    ) -> None:
        self.name, self.needs, self.scope, self.wants = name, needs, scope, wants
        self.version = "1"
        self.fails_at = fails_at
        self.batches: list[int] = []

    def analyze(self, clips: Sequence[Clip]) -> list[list[Finding]]:
        self.batches.append(len(clips))
        if any(clip.start_ms == self.fails_at for clip in clips):
            raise RuntimeError("a bad clip")
        return [
            [
                Measure(clip.start_ms, clip.end_ms, "findings", float(len(clip.findings))),
                Measure(clip.start_ms, clip.end_ms, "keyframes", float(len(clip.keyframes))),
            ]
            for clip in clips
        ]


MakeWork = Callable[[str, Sequence[Counter]], VideoWork]


@pytest.fixture
def make_work() -> Iterator[MakeWork]:
    made: list[VideoWork] = []

    def make(name: str, analyzers: Sequence[Counter]) -> VideoWork:
        file = FoundFile(Path(f"/videos/{name}"), 1, 1)
        names = frozenset(each.name for each in analyzers)
        made.append(VideoWork(Job(Work.ADD, file, "hash", "", names), CONTAINER))
        return made[-1]

    yield make
    for work in made:
        work.close()


def material(start_ms: int, end_ms: int) -> ShotMaterial:
    jpeg = encode_jpeg(np.zeros((8, 8, 3), np.uint8), 90)
    keyframe = KeyframeMaterial(start_ms, start_ms, end_ms, 1.0, jpeg, jpeg)
    sound = Sound(start_ms, 8_000, np.zeros((end_ms - start_ms) * 8, np.float32))
    return ShotMaterial(start_ms, end_ms, (keyframe,), {}, {8_000: sound})


def run(analyzers: Sequence[Counter], works: Sequence[VideoWork], shots: int = 3) -> None:
    runner = AnalyzerRunner(analyzers, IndexReport("c"))
    for work in works:
        for number in range(shots):
            shown = material(number * 1000, (number + 1) * 1000)
            runner.add(ShotTask(work, work.add_shot(shown, runner.kept_for(work)), shown))
    runner.flush()
    for work in works:
        runner.finish(work)


def values(work: VideoWork, analyzer: str, name: str) -> list[float]:
    found = work.findings[analyzer]
    return [each.value for each in found if isinstance(each, Measure) and each.name == name]


def test_batches_cross_video_borders(make_work: MakeWork) -> None:
    only = Counter("only", wants=Wants(keyframes=True))
    works = [make_work("a.mp4", [only]), make_work("b.mp4", [only])]
    run([only], works)
    assert only.batches == [6]
    assert all(values(work, "only", "keyframes") == [1.0, 1.0, 1.0] for work in works)


def test_a_full_batch_is_run_before_more_is_taken(make_work: MakeWork) -> None:
    only = Counter("only")
    run([only], [make_work("a.mp4", [only])], shots=70)
    assert only.batches == [32, 32, 6]


def test_pictures_are_shown_only_to_those_who_want_them(make_work: MakeWork) -> None:
    seeing, blind = Counter("seeing", wants=Wants(keyframes=True)), Counter("blind")
    work = make_work("a.mp4", [seeing, blind])
    run([seeing, blind], [work])
    assert values(work, "blind", "keyframes") == [0.0, 0.0, 0.0]


def test_what_is_needed_comes_first_whatever_the_scope(make_work: MakeWork) -> None:
    shot = Counter("shot")
    video = Counter("video", ("shot",), Scope.VIDEO, Wants(keyframes=True, sound_hz=8_000))
    after = Counter("after", ("video",))
    work = make_work("a.mp4", [shot, video, after])
    run([shot, video, after], [work])
    assert values(work, "video", "findings") == [6.0]
    assert values(work, "video", "keyframes") == [3.0]
    assert values(work, "after", "findings") == [2.0, 2.0, 2.0]


def test_a_clip_that_fails_costs_the_run_on_that_video_only(make_work: MakeWork) -> None:
    fragile, sound = Counter("fragile", fails_at=1000), Counter("sound")
    bad = make_work("bad.mp4", [fragile, sound])
    good = make_work("good.mp4", [fragile, sound])
    runner = AnalyzerRunner([fragile, sound], IndexReport("c"))
    for work, start in ((good, 0), (bad, 1000), (good, 2000)):
        shown = material(start, start + 1000)
        runner.add(ShotTask(work, work.add_shot(shown, ()), shown))
    runner.flush()
    assert bad.failed == {"fragile": "RuntimeError: a bad clip"}
    assert not good.failed
    assert len(values(good, "fragile", "findings")) == 2
    assert len(values(bad, "sound", "findings")) == 1


def test_what_needs_a_failed_analyzer_fails_with_that_reason(make_work: MakeWork) -> None:
    fragile, needy = Counter("fragile", fails_at=0), Counter("needy", ("fragile",))
    work = make_work("a.mp4", [fragile, needy])
    run([fragile, needy], [work])
    assert "fragile" in work.failed["needy"]


@pytest.mark.parametrize("wrong", ["too few", "outside"])
def test_an_answer_that_breaks_the_contract_is_a_failure(wrong: str, make_work: MakeWork) -> None:
    class Wrong(Counter):
        def analyze(self, clips: Sequence[Clip]) -> list[list[Finding]]:
            return [] if wrong == "too few" else [[Measure(0, 99_000, "x", 1.0)] for _ in clips]

    only = Wrong("wrong")
    work = make_work("a.mp4", [only])
    run([only], [work], shots=1)
    assert "BadAnswer" in work.failed["wrong"]


def test_scenes_are_whole_shots_of_about_thirty_seconds() -> None:
    shots = [Shot(number, number * 9000, (number + 1) * 9000) for number in range(9)]
    scenes = group_scenes(shots)
    assert [(scene.start_ms, scene.end_ms) for scene in scenes] == [
        (0, 36_000),
        (36_000, 72_000),
        (72_000, 81_000),
    ]
    assert group_scenes([]) == []
