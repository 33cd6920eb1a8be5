"""The tiny pictures that shot detection is fed with: point samples that change no cut."""

import json
from pathlib import Path

import av
import numpy as np
import pytest
from scenedetect import AdaptiveDetector, ContentDetector, FrameTimecode, SceneDetector

from indexer.decoders.picture import SAMPLE_PX, PictureMaker, sample_stride
from indexer.media import open_video

GOLDENS = ("testvideo.mp4", "counter.mp4", "fades.mp4")


def find_cuts(path: Path, detectors: list[SceneDetector]) -> list[list[int]]:
    """The frame numbers at which each detector cuts when it is fed our samples."""
    found: list[list[FrameTimecode]] = [[] for _ in detectors]
    with open_video(path) as reader:
        fps = reader.container.fps
        for number, frame in enumerate(reader.read()):
            time = FrameTimecode(number, fps)
            sample = frame.sample()  # type: ignore[union-attr]
            for cuts, detector in zip(found, detectors, strict=True):
                cuts += detector.process_frame(time, sample)
    for cuts, detector in zip(found, detectors, strict=True):
        cuts += detector.post_process(time)
    return [[cut.frame_num for cut in cuts] for cuts in found]


@pytest.mark.parametrize("name", GOLDENS)
def test_detectors_find_the_cuts_they_find_in_whole_frames(material: Path, name: str) -> None:
    folder = material / "videos" / "pyscenedetect"
    goldens = [
        json.loads((folder / "goldens" / f"{name}.{kind}.default.json").read_text())["cuts"]
        for kind in ("ContentDetector", "AdaptiveDetector")
        if (folder / "goldens" / f"{name}.{kind}.default.json").exists()
    ]
    detectors: list[SceneDetector] = [ContentDetector(), AdaptiveDetector()]
    assert find_cuts(folder / name, detectors[-len(goldens) :]) == goldens


def test_adaptive_detection_finds_each_digit_of_the_film_leader(material: Path) -> None:
    path = material / "videos" / "ffmpeg-python" / "in.mp4"
    assert find_cuts(path, [AdaptiveDetector()]) == [[25, 50, 75, 104, 130, 155, 180]]


@pytest.mark.parametrize("layout", ["yuv420p", "yuvj420p"])
@pytest.mark.parametrize(
    "size", [(640, 360), (1280, 720), (330, 470), (1918, 802), (340, 256), (338, 256), (1364, 768)]
)
def test_a_sample_is_a_stride_of_the_whole_converted_frame(
    layout: str, size: tuple[int, int]
) -> None:
    frame = make_frame(size, layout)
    stride = sample_stride(*size)
    assert stride > 1
    whole = frame.to_ndarray(format="bgr24", interpolation="POINT")
    assert np.array_equal(PictureMaker(frame).sample(frame), whole[::stride, ::stride])


def test_a_full_range_that_only_the_stream_tells_of_is_heeded() -> None:
    frame = make_frame((640, 360), "yuv420p")
    limited = PictureMaker(frame).sample(frame)
    frame.color_range = av.video.reformatter.ColorRange.JPEG
    whole = frame.to_ndarray(format="bgr24", interpolation="POINT")
    assert np.array_equal(PictureMaker(frame).sample(frame), whole[::4, ::4])
    assert not np.array_equal(limited, whole[::4, ::4])


@pytest.mark.parametrize("layout", ["yuv420p", "yuv444p", "yuv420p10le", "gray", "bgra"])
def test_samples_are_points_never_means(layout: str) -> None:
    points = np.random.default_rng(4).integers(0, 2, (360, 640, 1), dtype=np.uint8) * 255
    frame = av.VideoFrame.from_ndarray(points.repeat(3, 2), "rgb24").reformat(format=layout)
    sample = PictureMaker(frame).sample(frame)
    assert ((sample < 8) | (sample > 247)).all()


@pytest.mark.parametrize("size", [(641, 361), (960, 541), (323, 240)])
def test_a_sample_of_an_odd_size_differs_by_rounding_only(size: tuple[int, int]) -> None:
    frame = make_frame(size, "yuv420p")
    stride = sample_stride(*size)
    whole = frame.to_ndarray(format="bgr24", interpolation="POINT")[::stride, ::stride]
    sample = PictureMaker(frame).sample(frame)
    assert sample.shape == whole.shape
    assert np.abs(sample.astype(int) - whole).mean() < 6


def test_planes_of_nv12_are_sampled_as_those_of_yuv420p() -> None:
    frame = make_frame((1280, 720), "yuv420p")
    twin = av.VideoFrame(1280, 720, "nv12")
    luma, chroma = (np.frombuffer(p, np.uint8).reshape(-1, p.line_size) for p in twin.planes)
    y, u, v = (np.frombuffer(p, np.uint8).reshape(-1, p.line_size) for p in frame.planes)
    luma[:, :1280], chroma[:, 0:1280:2], chroma[:, 1:1280:2] = y[:, :1280], u[:, :640], v[:, :640]
    assert np.array_equal(PictureMaker(twin).sample(twin), PictureMaker(frame).sample(frame))


def test_all_samples_of_a_video_have_one_size_whatever_its_frames_do() -> None:
    maker = PictureMaker(make_frame((1280, 720), "yuv420p"))
    others = [make_frame((1280, 720), "yuv444p"), make_frame((640, 480), "yuv420p")]
    assert {maker.sample(frame).shape for frame in others} == {(90, 160, 3)}


@pytest.mark.parametrize("size", [(1, 1), (50, 50), (320, 240), (768, 432), (7680, 4320), (2, 900)])
def test_samples_are_small_but_not_smaller_than_needed(size: tuple[int, int]) -> None:
    stride = sample_stride(*size)
    assert stride == 1 or stride % 2 == 0
    longer = -(-max(size) // stride)
    assert min(max(size), SAMPLE_PX) <= longer < 2 * SAMPLE_PX


def make_frame(size: tuple[int, int], layout: str) -> av.VideoFrame:
    """Blocks of random colours, some of them dark, where rounding shows most."""
    width, height = size
    blocks = np.random.default_rng(3).integers(0, 255, (height // 6 + 1, width // 6 + 1, 3))
    blocks[: len(blocks) // 2] //= 16
    pixels = blocks.astype(np.uint8).repeat(6, 0).repeat(6, 1)[:height, :width]
    return av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), "rgb24").reformat(format=layout)
