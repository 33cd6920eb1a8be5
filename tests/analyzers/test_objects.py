"""The analyzer of objects: its findings, with a small detector and with the real FastestDet."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from analyzers.analyzer import Wants
from analyzers.clip import Clip, Picture
from analyzers.error import SettingsError
from analyzers.finding import Finding, Label, Track
from analyzers.objects import BATCH, ObjectsAnalyzer
from analyzers.registry import Choices, make_analyzers

Pixels = NDArray[np.uint8]
Make = Callable[..., ObjectsAnalyzer]
WHITE, RED = (255, 255, 255), (255, 30, 30)


def show(*patches: tuple[int, tuple[int, int, int]]) -> Pixels:
    """A dark picture of 200 x 100 px with patches of 40 x 60 px at these columns."""
    picture = np.full((100, 200, 3), 10, np.uint8)
    for x, colour in patches:
        picture[20:80, x : x + 40] = colour
    return picture


def clip_of(pictures: list[Pixels], *, start_ms: int = 1000, each_ms: int = 500) -> Clip:
    starts = [start_ms + each_ms * i for i in range(len(pictures))]
    shown = [
        Picture(t + 50, t, t + each_ms, pixels) for t, pixels in zip(starts, pictures, strict=True)
    ]
    return Clip(start_ms, starts[-1] + each_ms, keyframes=shown, frames=shown)


def tracks_of(findings: list[Finding]) -> list[Track]:
    return [one for one in findings if isinstance(one, Track)]


def labels_of(findings: list[Finding]) -> list[Label]:
    return [one for one in findings if isinstance(one, Label)]


def test_a_thing_gives_a_track_and_a_label_for_each_picture(make_plain_objects: Make) -> None:
    empty = show()
    clip = clip_of([empty, show((20, WHITE)), show((28, WHITE)), empty])
    (found,) = make_plain_objects().analyze([clip])
    track, *labels = found
    assert isinstance(track, Track)
    assert (track.id, track.kind) == ("coco/person-1500-0", "coco/person")
    assert (track.start_ms, track.end_ms) == (1500, 2500)
    assert track.times_ms.tolist() == [1550, 2050]
    assert np.allclose(track.boxes[:, 0], [0.1, 0.14])
    assert track.landmarks is None
    assert [(one.start_ms, one.end_ms) for one in labels] == [(1500, 2000), (2000, 2500)]
    for one, box, score in zip(labels_of(found), track.boxes, track.scores, strict=True):
        assert (one.vocabulary, one.name, one.track) == ("coco", "person", track.id)
        assert one.box == tuple(box.tolist())
        assert one.score == float(score)


def test_two_at_once_are_two_labels_of_one_span(make_plain_objects: Make) -> None:
    pictures = [show((20, WHITE), (140, WHITE)), show((24, WHITE), (136, WHITE))]
    (found,) = make_plain_objects().analyze([clip_of(pictures)])
    assert len({one.id for one in tracks_of(found)}) == 2
    spans = [(one.start_ms, one.end_ms) for one in labels_of(found)]
    assert sorted(spans) == [(1000, 1500)] * 2 + [(1500, 2000)] * 2


def test_a_track_holds_one_class(make_plain_objects: Make) -> None:
    pictures = [show((20, WHITE)), show((20, RED)), show((20, WHITE))]
    (found,) = make_plain_objects().analyze([clip_of(pictures)])
    assert [(one.kind, len(one.times_ms)) for one in tracks_of(found)] == [
        ("coco/person", 2),
        ("coco/car", 1),
    ]


def test_ids_differ_between_classes_and_between_the_shots_of_a_video(
    make_plain_objects: Make,
) -> None:
    both = [show((20, WHITE), (140, RED))]
    shots = [clip_of(both, start_ms=start) for start in (0, 500, 1000)]
    found = make_plain_objects().analyze(shots)
    assert len({one.id for each in found for one in tracks_of(each)}) == 6


def test_what_is_found_does_not_depend_on_where_batches_end(make_plain_objects: Make) -> None:
    long = clip_of([show((20 + n % 30, WHITE)) for n in range(2 * BATCH + 3)], each_ms=40)
    short = clip_of([show((20, RED))])
    together = make_plain_objects().analyze([short, long, short])
    (alone,) = make_plain_objects().analyze([long])
    assert labels_of(together[1]) == labels_of(alone)
    assert together[0][1:] == together[2][1:] == labels_of(together[0])
    assert [len(one.times_ms) for one in tracks_of(alone)] == [2 * BATCH + 3]


def test_only_what_was_asked_for_is_looked_at(make_plain_objects: Make) -> None:
    person, nobody = clip_of([show((20, WHITE))]), clip_of([show()])
    mixed = Clip(1000, 1500, keyframes=person.keyframes, frames=nobody.frames)
    assert make_plain_objects().wants == Wants(keyframes=True)
    assert make_plain_objects().analyze([mixed])[0]
    often = make_plain_objects(frames_per_second=5)
    assert (often.wants.keyframes, often.wants.frames_per_second) == (False, 5)
    assert often.analyze([mixed]) == [[]]


def test_the_version_names_detector_and_rate(make_plain_objects: Make) -> None:
    assert make_plain_objects().version == "1 light-sides"
    assert make_plain_objects(frames_per_second=5).version == "1 light-sides 5/s"


@pytest.mark.parametrize("device", ["cpu", "cuda"])
def test_it_runs_only_where_it_is_asked_for(device: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analyzers.registry.pick_device", lambda asked: asked)
    for selection, runs in ((None, False), ("+ocr", False), ("+objects", True), ("all", True)):
        names = [one.name for one in make_analyzers(selection, "demo", device=device)]
        assert ("objects" in names) == runs


def test_detector_and_rate_come_from_the_command(material: Path) -> None:
    choices = Choices(detector=str(material / "models" / "FastestDet.onnx"), object_fps=5)
    (objects,) = make_analyzers("objects", "standard", choices=choices)
    assert isinstance(objects, ObjectsAnalyzer)
    objects.ensure_available()
    assert objects.wants.frames_per_second == 5
    assert objects.version.startswith("1 FastestDet.")
    with pytest.raises(SettingsError, match="--detector"):
        make_analyzers("objects", "demo", choices=Choices(detector="fastest"))


def test_two_persons_are_followed_through_chaplins_shot(material: Path) -> None:
    from indexer.media import open_video

    choices = Choices(detector=str(material / "models" / "FastestDet.onnx"), object_fps=5)
    (objects,) = make_analyzers("objects", "demo", choices=choices)
    shown: list[Picture] = []
    with open_video(material / "videos" / "moviepy" / "chaplin.mp4") as reader:
        for frame in reader.read():
            if not shown or frame.time_ms >= shown[-1].start_ms + 200:
                shown.append(
                    Picture(frame.time_ms, frame.time_ms, frame.time_ms + 1, frame.picture(960))
                )
    (found,) = objects.analyze([Clip(0, 10_000, frames=shown)])
    tracks = [one for one in tracks_of(found) if one.kind == "coco/person"]
    tracks.sort(key=lambda one: -len(one.times_ms))
    assert len(tracks[0].times_ms) >= 0.6 * len(shown)
    assert len(tracks[1].times_ms) >= 0.6 * len(shown)
    assert sum(len(one.times_ms) for one in tracks[2:]) <= 0.3 * len(shown)
