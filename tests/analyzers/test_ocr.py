"""Reading: exact texts of real pictures, reading order, what is not read again."""

import io
import itertools
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from analyzers.clip import Clip, Picture
from analyzers.finding import Words, WordsKind
from analyzers.ocr import Line, OcrAnalyzer, look_alike, order_lines, shrink

ROOT = Path(__file__).resolve().parents[2]
Pixels = NDArray[np.uint8]


class CountingAnalyzer(OcrAnalyzer):
    """Counts the pictures that it reads."""

    def __init__(self) -> None:
        super().__init__()
        self.read = 0

    def read_picture(self, pixels: NDArray[np.uint8]) -> list[Line]:
        self.read += 1
        return super().read_picture(pixels)


@pytest.fixture(scope="module")
def analyzer() -> CountingAnalyzer:
    return CountingAnalyzer()


def write(*texts: str, px: int = 24, size: tuple[int, int] = (320, 160)) -> Pixels:
    """White lines on dark blue."""
    picture = Image.new("RGB", size, (16, 24, 60))
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(px)
    for row, text in enumerate(texts):
        draw.text((16, 16 + row * px * 1.6), text, "white", font)
    return np.asarray(picture)


def clip_of(*pictures: Pixels, each_ms: int = 1000) -> Clip:
    starts = range(0, each_ms * len(pictures), each_ms)
    shown = zip(starts, pictures, strict=True)
    keyframes = tuple(Picture(t + each_ms // 2, t, t + each_ms, pixels) for t, pixels in shown)
    return Clip(0, each_ms * len(pictures), keyframes=keyframes)


def texts_of(analyzer: OcrAnalyzer, *clips: Clip) -> list[list[tuple[int, str]]]:
    found = analyzer.analyze(clips)
    return [[(w.start_ms, w.text) for w in words if isinstance(w, Words)] for words in found]


def as_keyframe(pixels: Pixels) -> Pixels:
    """JPEG-coded and decoded, as keyframes are."""
    coded = io.BytesIO()
    Image.fromarray(pixels).save(coded, "JPEG", quality=90)
    return np.asarray(Image.open(coded).convert("RGB"))


def through_a_video(picture: Image.Image, folder: Path) -> Pixels:
    """What becomes of a picture that is shown in a video."""
    from bench.videos import write_video
    from indexer.media import open_video

    pixels = np.asarray(picture.convert("RGB"))
    path = write_video(folder / "shown.mp4", itertools.repeat(pixels, 5))
    with open_video(path) as reader:
        frames = [part for part in reader.read() if hasattr(part, "picture")]
        return as_keyframe(frames[2].picture(1280))


@pytest.mark.parametrize(
    ("width", "wide"),
    [(640, False), (1280, True)]
    + [pytest.param(*case, marks=pytest.mark.slow) for case in ((854, True), (1280, False))],
)
def test_a_page_in_a_video_is_read_exactly(
    material: Path, analyzer: CountingAnalyzer, tmp_path: Path, width: int, wide: bool
) -> None:
    page = Image.open(material / "images/text/phototest.tif").convert("L")
    truth = (material / "images/text/phototest.txt").read_text(encoding="utf-8")
    picture = page.resize((width, width * 3 // 4 // 2 * 2))
    if wide:
        picture = Image.new("L", (picture.width * 4 // 3 // 2 * 2, picture.height))
        picture.paste(page.resize((width, picture.height)), (100, 0))
    lines = analyzer.read_picture(through_a_video(picture, tmp_path))
    read = " ".join(line.text for line in lines).casefold()
    assert " ".join(truth.split()).casefold() in read


def test_real_pictures_are_read_exactly(material: Path, analyzer: CountingAnalyzer) -> None:
    def read(name: str) -> list[str]:
        picture = Image.open(material / "images/text" / name).convert("RGB")
        return [line.text for line in analyzer.read_picture(np.asarray(picture))]

    assert read("en.jpg") == [
        "3 MovieShots Dataset",
        "To facilitate the shot type analysis in videos, we collect MovieShots, a large-scale",
        "shot type annotation set that contains 46K shots from 7858 movies. The details",
        "of this dataset are specified as follows.",
    ]
    chinese = read("ch_en_num.jpg")
    assert chinese[:4] == ["正品促销", "大桶装更划算", "强力去污符合国标", "-40℃深度防冻不结冰"]
    assert {"5.8起", "10.0起", "假一赔十"} <= set(chinese)


def test_a_burnt_in_counter_is_read(material: Path, analyzer: CountingAnalyzer) -> None:
    from indexer.media import open_video

    with open_video(material / "videos/pyscenedetect/counter.mp4") as reader:
        frames = [part for part in reader.read() if hasattr(part, "picture")]
        pictures = [as_keyframe(frame.picture(1280)) for frame in frames[10:12]]
    found = texts_of(analyzer, clip_of(*pictures))[0]
    assert [text for _, text in found if text.startswith("Frame")] == [
        "Frame = 11",
        "Frame = 12",
    ]


def test_lines_become_words_with_span_and_box(analyzer: CountingAnalyzer) -> None:
    clip = clip_of(write("Breaking news", "from the harbour"))
    found = analyzer.analyze([clip])[0]
    first, second = (words for words in found if isinstance(words, Words))
    assert (first.text, second.text) == ("Breaking news", "from the harbour")
    assert (first.kind, first.start_ms, first.end_ms) == (WordsKind.READ, 0, 1000)
    assert first.score > 0.9
    assert first.box == pytest.approx((0.05, 0.12, 0.55, 0.29), abs=0.04)
    assert second.box == pytest.approx((0.05, 0.36, 0.62, 0.53), abs=0.05)


def test_pictures_without_text_and_tiny_ones_give_no_words(analyzer: CountingAnalyzer) -> None:
    sizes = [(1, 1), (2, 60_000), (9, 3000), (3000, 9), (240, 320)]
    for size in sizes:
        assert analyzer.read_picture(np.full((*size, 3), 120, np.uint8)) == []


def test_a_picture_like_the_last_one_read_is_not_read_again(analyzer: CountingAnalyzer) -> None:
    still = write("Opening hours", "9 to 17", size=(640, 360))
    noise = np.random.default_rng(1).integers(-2, 3, still.shape)
    noisy = np.clip(still.astype(int) + noise, 0, 255).astype(np.uint8)
    before = analyzer.read
    found = texts_of(analyzer, clip_of(still, noisy, as_keyframe(still)))[0]
    assert analyzer.read == before + 1
    assert found == [(t, text) for t in (0, 1000, 2000) for text in ("Opening hours", "9 to 17")]


@pytest.mark.parametrize("px", [14, 28])
def test_one_changed_letter_is_read_again(analyzer: CountingAnalyzer, px: int) -> None:
    clip = clip_of(write("Home 1 Away 3", px=px), write("Home 1 Away 8", px=px))
    assert texts_of(analyzer, clip) == [[(0, "Home 1 Away 3"), (1000, "Home 1 Away 8")]]


def test_pictures_are_compared_with_the_last_one_read_not_the_last_one_seen() -> None:
    """A slow fade does not slip through."""
    fade = [shrink(np.full((90, 160, 3), level, np.uint8)) for level in range(100, 104)]
    assert look_alike(fade[0], fade[1])
    assert not look_alike(fade[0], fade[3])
    counting = CountingAnalyzer()
    pictures = [np.full((90, 160, 3), level, np.uint8) for level in range(100, 106)]
    counting.analyze([clip_of(*pictures)])
    assert counting.read == 3


def test_clips_are_never_compared(analyzer: CountingAnalyzer) -> None:
    clip, other = clip_of(write("Exit 12")), clip_of(write("Exit 12", "Gate 7"), write("Gate 7"))
    before = analyzer.read
    together = analyzer.analyze([clip, other, clip])
    assert analyzer.read == before + 4
    assert together == [analyzer.analyze([one])[0] for one in (clip, other, clip)]


def boxes(*rows: Sequence[float]) -> NDArray[np.float64]:
    return np.array(rows, dtype=np.float64).reshape(-1, 4)


def test_pieces_of_one_line_are_joined_and_columns_are_not() -> None:
    pieces = boxes(
        (300, 11, 420, 41),  # after a gap of a third of the height
        (10, 10, 290, 40),
        (600, 10, 700, 40),  # far away
        (10, 60, 100, 90),
        (105, 30, 200, 100),  # of another size
    )
    assert order_lines(pieces) == [[1, 0], [2], [3], [4]]


def test_rows_are_read_from_left_to_right() -> None:
    """Credits: each role beside its name."""
    roles = [(100, 10 + y, 200, 30 + y) for y in (0, 40, 80, 120)]
    names = [(300, 13 + y, 420, 33 + y) for y in (0, 40, 80, 120)]
    order = order_lines(boxes(*roles, *names))
    assert [line[0] for line in order] == [0, 4, 1, 5, 2, 6, 3, 7]


def test_columns_of_running_text_are_read_one_after_the_other() -> None:
    title = [(50, 0, 750, 40)]
    left = [(50, y, 370, y + 22) for y in (60, 85, 110)] + [(50, 135, 120, 157)]
    right = [(430, y, 750, y + 22) for y in (62, 87, 112, 137)]
    foot = [(300, 400, 500, 422)]
    pieces = boxes(*title, *left, *right, *foot)
    assert [line[0] for line in order_lines(pieces)] == list(range(10))


def test_vertical_columns_of_letters_are_not_joined() -> None:
    assert order_lines(boxes((10, 10, 40, 300), (60, 10, 90, 300))) == [[0], [1]]


def test_pieces_at_one_edge_are_ordered_by_their_places_alone() -> None:
    pieces = boxes((0, 0, 30, 20), (0, 2, 20, 18), (22, 0, 60, 20))
    read = [[pieces[i].tolist() for i in line] for line in order_lines(pieces)]
    back = pieces[::-1]
    assert [[back[i].tolist() for i in line] for line in order_lines(back)] == read


def test_no_pieces_make_no_lines() -> None:
    assert order_lines(boxes()) == []


CORNERS = st.tuples(*[st.integers(0, 60)] * 2, *[st.integers(1, 40)] * 2)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(CORNERS, max_size=12, unique=True).flatmap(
        lambda corners: st.tuples(st.just(corners), st.permutations(corners))
    )
)
def test_every_piece_is_read_once_in_whatever_order_it_was_found(
    found: tuple[list[tuple[int, int, int, int]], list[tuple[int, int, int, int]]],
) -> None:
    orders = []
    for corners in found:
        pieces = [(x, y, x + w, y + h) for x, y, w, h in corners]
        orders.append([[pieces[i] for i in line] for line in order_lines(boxes(*pieces))])
        assert sorted(itertools.chain(*orders[-1])) == sorted(pieces)
    assert orders[0] == orders[1]


SILENT = """
import sys
def refuse(event, args):
    if event in ("socket.connect", "socket.getaddrinfo"):
        raise SystemExit(f"the network was touched: {event} {args}")
sys.addaudithook(refuse)
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from analyzers.ocr import OcrAnalyzer
picture = Image.new("RGB", (320, 90), "white")
ImageDraw.Draw(picture).text((20, 20), "QUIET", "black", ImageFont.load_default(40))
reader = OcrAnalyzer(threads=1)
assert reader.read_picture(np.full((90, 90, 3), 90, np.uint8)) == []
assert [line.text for line in reader.read_picture(np.asarray(picture))] == ["QUIET"]
"""


def test_reading_says_nothing_and_needs_no_network() -> None:
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", SILENT],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


@pytest.mark.parametrize("folder", [None, "models"])
def test_a_rapidocr_with_other_models_is_refused_at_once(
    tmp_path: Path, folder: str | None
) -> None:
    package = tmp_path / "rapidocr"
    (package / (folder or "")).mkdir(parents=True)
    (package / "__init__.py").touch()
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n" + (
        "from analyzers.error import ModelUnavailable\nfrom analyzers.ocr import OcrAnalyzer\n"
        "try:\n    OcrAnalyzer()\nexcept ModelUnavailable as error:\n    print(error)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert "PP-OCRv6_det_small.onnx" in ran.stdout
    assert "pip install" in ran.stdout


@pytest.mark.gpu
def test_the_gpu_reads_the_same() -> None:
    providers: Callable[[], list[str]] = pytest.importorskip("onnxruntime").get_available_providers
    if "CUDAExecutionProvider" not in providers():
        pytest.skip("onnxruntime has no CUDA provider here: pip install onnxruntime-gpu")
    pictures = [write(f"Picture {n}", "The quick brown fox", size=(1280, 720)) for n in range(20)]
    found = {}
    for device in ("cpu", "cuda"):
        reader = OcrAnalyzer(device=device)
        reader.read_picture(pictures[0])
        started = time.perf_counter()
        found[device] = [reader.read_picture(picture) for picture in pictures]
        rate = len(pictures) / (time.perf_counter() - started)
        sys.stdout.write(f"ocr on {device}: {rate:.1f} pictures per second\n")
    for one, other in zip(found["cpu"], found["cuda"], strict=True):
        assert [line.text for line in one] == [line.text for line in other]
        assert [line.score for line in one] == pytest.approx(
            [line.score for line in other], abs=0.02
        )
