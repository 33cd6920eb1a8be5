"""The analyzer of faces: its findings, with small models and with the real ones."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from analyzers.analyzer import Wants
from analyzers.clip import Clip, Picture
from analyzers.error import ModelUnavailable, SettingsError
from analyzers.faces import FacesAnalyzer, make_faces
from analyzers.finding import Embedding, Finding, Measure, Track
from analyzers.registry import Choices, make_analyzers

Pixels = NDArray[np.uint8]
Make = Callable[..., FacesAnalyzer]
RED, BLUE = (255, 190, 150), (150, 190, 255)


def show(x: int, colour: tuple[int, int, int], *, seed: int = 0) -> Pixels:
    """A dark picture with a light patch of this colour, as sharp as noise."""
    random = np.random.default_rng(seed)
    picture = np.full((120, 200, 3), 20, np.uint8)
    patch = np.array(colour) + random.integers(-35, 36, (60, 60, 1))
    picture[30:90, x : x + 60] = patch.clip(0, 255)
    return picture


def clip_of(pictures: list[Pixels], *, start_ms: int = 1000, each_ms: int = 200) -> Clip:
    starts = [start_ms + each_ms * i for i in range(len(pictures))]
    shown = [
        Picture(t + 50, t, t + each_ms, pixels) for t, pixels in zip(starts, pictures, strict=True)
    ]
    return Clip(start_ms, starts[-1] + each_ms, keyframes=shown, frames=shown)


def tracks_of(findings: list[Finding]) -> list[Track]:
    return [one for one in findings if isinstance(one, Track)]


def test_a_face_gives_a_track_a_vector_and_a_quality_with_one_span(make_plain_faces: Make) -> None:
    dark = np.full((120, 200, 3), 20, np.uint8)
    clip = clip_of([dark, show(20, RED), show(24, RED), show(28, RED), dark])
    (found,) = make_plain_faces().analyze([clip])
    track, embedding, measure = found
    assert isinstance(track, Track)
    assert isinstance(embedding, Embedding)
    assert isinstance(measure, Measure)
    assert {(one.start_ms, one.end_ms) for one in found} == {(1200, 1800)}
    assert (track.id, track.kind) == ("face-1200-0", "face")
    assert track.times_ms.tolist() == [1250, 1450, 1650]
    assert np.allclose(track.boxes[:, 0], [0.1, 0.12, 0.14])
    assert track.landmarks is not None
    assert track.landmarks.shape == (3, 5, 2)
    assert embedding.track == track.id
    assert any(np.allclose(embedding.box or (), box) for box in track.boxes)
    assert measure.name == "face_quality"
    assert 0 < measure.value <= 100


def test_another_face_in_the_same_place_seconds_later_is_another_track(
    make_plain_faces: Make,
) -> None:
    same = clip_of([show(20, RED), show(100, RED)], each_ms=4000)
    other = clip_of([show(20, RED), show(20, BLUE)], each_ms=4000)
    (one,), (two,) = (make_plain_faces().analyze([clip]) for clip in (same, other))
    assert len(tracks_of(one)) == 1
    assert [track.id for track in tracks_of(two)] == ["face-1000-0", "face-5000-1"]
    red, blue = (finding.vector for finding in two if isinstance(finding, Embedding))
    assert red @ blue < 0


def test_ids_differ_between_the_shots_of_a_video(make_plain_faces: Make) -> None:
    shots = [clip_of([show(20, RED)], start_ms=start) for start in (0, 200, 400)]
    found = make_plain_faces().analyze(shots)
    assert len({track.id for one in found for track in tracks_of(one)}) == 3


def test_only_what_was_asked_for_is_looked_at(make_plain_faces: Make) -> None:
    with_face, without = clip_of([show(20, RED)]), clip_of([np.zeros((9, 9, 3), np.uint8)])
    mixed = Clip(1000, 1200, keyframes=with_face.keyframes, frames=without.frames)
    assert make_plain_faces().wants == Wants(keyframes=True)
    assert make_plain_faces().analyze([mixed])[0]
    often = make_plain_faces(frames_per_second=5)
    assert (often.wants.keyframes, often.wants.frames_per_second) == (False, 5)
    assert often.analyze([mixed]) == [[]]


def test_the_version_names_models_and_rate(make_plain_faces: Make) -> None:
    assert make_plain_faces().version == "1 light-patch faces.thumbnail.00000000"
    assert make_plain_faces(frames_per_second=2.5).version.endswith(" 2.5/s")


def test_it_runs_only_where_it_is_named() -> None:
    for selection in (None, "all", "+ocr"):
        assert "faces" not in [one.name for one in make_analyzers(selection, "demo")]
    assert "faces" in [one.name for one in make_analyzers("+faces", "demo")]


def test_models_and_rate_come_from_the_command(material: Path) -> None:
    models = material / "models"
    choices = Choices(str(models / "yunet_n_dynamic.onnx"), str(models / "mobilefacenet.param"), 5)
    pytest.importorskip("ncnn")
    (faces,) = make_analyzers("faces", "demo", choices=choices)
    assert isinstance(faces, FacesAnalyzer)
    faces.ensure_available()
    assert faces.wants.frames_per_second == 5
    assert faces.spaces[0].name.startswith("faces.mobilefacenet.")
    with pytest.raises(SettingsError, match="--face-embedder"):
        make_analyzers("faces", "demo", choices=Choices(face_embedder="facenet"))


def test_weights_that_are_missing_stop_the_command_before_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("analyzers.models.find_weights", lambda source: None)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    faces = make_faces()
    for ask in (faces.ensure_available, lambda: faces.version):
        with pytest.raises(ModelUnavailable, match="Ways out: `shotseek models fetch yunet`"):
            ask()


@pytest.fixture(scope="module")
def real(material: Path) -> FacesAnalyzer:
    pytest.importorskip("ncnn")
    models = material / "models"
    return make_faces(
        face_detector=str(models / "yunet_n_dynamic.onnx"),
        face_embedder=str(models / "mobilefacenet.param"),
        face_fps=5,
    )


def follow(real: FacesAnalyzer, video: Path, end_ms: int) -> list[Track]:
    """Tracks of the first part of a video without a cut, at 5 per second, longest first."""
    from indexer.media import open_video

    shown: list[Picture] = []
    with open_video(video) as reader:
        for frame in reader.read():
            if frame.time_ms >= end_ms:
                break
            if not shown or frame.time_ms >= shown[-1].start_ms + 200:
                shown.append(
                    Picture(frame.time_ms, frame.time_ms, frame.time_ms + 1, frame.picture(960))
                )
    (found,) = real.analyze([Clip(0, end_ms, frames=shown)])
    return sorted(tracks_of(found), key=lambda track: -len(track.times_ms))


def test_chaplin_and_the_policeman_are_followed_through_the_shot(
    real: FacesAnalyzer, material: Path
) -> None:
    found = follow(real, material / "videos" / "moviepy" / "chaplin.mp4", 10_000)
    chaplin, *policeman = [track for track in found if len(track.times_ms) > 6]
    assert len(chaplin.times_ms) >= 25
    assert (chaplin.boxes[:, 0] > 0.45).all()
    assert len(policeman) <= 2  # he shows his back in between
    assert sum(len(track.times_ms) for track in policeman) >= 20
    assert all((track.boxes[:, 0] < 0.4).all() for track in policeman)


def test_the_arm_wrestler_is_one_track(real: FacesAnalyzer, material: Path) -> None:
    longest, *rest = follow(real, material / "videos" / "mmaction2" / "demo.mp4", 7_000)
    assert len(longest.times_ms) >= 25
    assert (longest.boxes[:, 0] < 0.2).all()
    assert all((track.boxes[:, 2] > 0.3).all() for track in rest)


def test_the_one_face_of_a_clip_is_one_good_track(real: FacesAnalyzer, material: Path) -> None:
    clip = material / "videos" / "intel" / "asl_gestures" / "sister.mkv"
    (track,) = follow(real, clip, 3000)
    assert len(track.times_ms) >= 12
