"""Reads what is written in keyframes.

The models (PP-OCRv6, detection and recognition, Apache-2.0) lie inside the wheel of rapidocr and
run on onnxruntime: no network, nothing on the console. The detector finds pieces of text and the
recogniser reads them; this module puts the pieces of a line together and the lines in order.

Knows nothing of languages, of subtitles, of what the words mean. The one door to rapidocr.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analyzers.analyzer import Scope, Wants
from analyzers.clip import Clip, Picture
from analyzers.error import LibraryMissing, ModelUnavailable
from analyzers.finding import Box, Finding, Words, WordsKind

DETECTOR = "PP-OCRv6_det_small.onnx"
RECOGNISER = "PP-OCRv6_rec_small.onnx"
DETECT_PX = 960  # text is looked for at this longer side, and read at the picture's own size
MIN_PX = 8  # a picture with a shorter side holds no readable letter
MIN_SCORE = 0.5
MIN_SCORE_ALONE = 0.9  # of a line of one character: textures are often taken for one
THUMBNAIL_PX = (320, 180)
ALIKE_MEAN = 1.5  # grey levels of 255: mean difference of the thumbnails of two pictures alike
ALIKE_MOST = 8  # and the greatest of one of their pixels; a changed letter makes more
SAME_LINE = 0.6  # pieces of one line have this part of their height in common
PIECE_GAP = 0.6  # and stand no further apart than this, in heights
PARAGRAPH_GAP = 0.9  # the same for the lines of a paragraph
PARAGRAPH_LINES = 3
PARAGRAPH_WIDTH = 6.0  # in heights of a line: about 16 letters


@dataclass(frozen=True)
class Line:
    """One line of text in a picture."""

    text: str
    score: float  # [0, 1]
    box: Box


class OcrAnalyzer:
    """Words of the kind `read`: one for each line of a keyframe, in reading order.

    A keyframe that looks like the last one read in its clip is not read again but given the same
    lines. Pictures of two clips are never compared.

    Raises:
        LibraryMissing: rapidocr is not installed.
        ModelUnavailable: the installed rapidocr carries other models.
    """

    name = "ocr"
    version = "1"
    scope = Scope.SHOT
    wants = Wants(keyframes=True)
    needs: tuple[str, ...] = ()
    slow_on: frozenset[str] = frozenset()

    def __init__(self, *, device: str = "cpu", threads: int | None = None) -> None:
        """Make one; the models load at the first picture.

        Args:
            device: `cuda` uses the GPU where onnxruntime has its CUDA provider, else the CPU.
            threads: on the CPU; all cores if None.
        """
        self._models = _find_models()
        self._device = device
        self._threads = threads

    def analyze(self, clips: Sequence[Clip]) -> list[list[Finding]]:
        """Read the keyframes of each clip."""
        return [self._read_clip(clip) for clip in clips]

    def read_picture(self, pixels: NDArray[np.uint8]) -> list[Line]:
        """The lines of one RGB picture (h, w, 3), in reading order."""
        if min(pixels.shape[:2]) < MIN_PX:
            return []
        output = self._engine(np.ascontiguousarray(pixels[:, :, ::-1]))
        if output.txts is None:
            return []
        corners = np.asarray(output.boxes, dtype=np.float64)  # (n, 4, 2) px
        boxes = np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)  # (n, 4)
        texts = np.array([" ".join(text.split()) for text in output.txts], dtype=object)
        scores = np.array(output.scores, dtype=np.float64)
        least = np.where([len(text) > 1 for text in texts], MIN_SCORE, MIN_SCORE_ALONE)
        kept = (scores >= least) & (boxes[:, :2] < boxes[:, 2:]).all(axis=1)
        texts, scores, boxes = texts[kept], scores[kept], boxes[kept]
        size = np.tile(pixels.shape[1::-1], 2)  # width, height, width, height
        return [
            _join_pieces(texts[line], scores[line], boxes[line] / size)
            for line in order_lines(boxes)
        ]

    @cached_property
    def _engine(self) -> Any:
        from rapidocr import RapidOCR

        detector, recogniser = self._models
        return RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.use_cls": False,  # text upside down is rare, wrongly turned text is not
                "Global.text_score": MIN_SCORE,
                "Global.max_side_len": 100_000,  # no scaling but the detector's own
                "Det.model_path": str(detector),
                "Det.limit_type": "max",
                "Det.limit_side_len": DETECT_PX,
                "Rec.model_path": str(recogniser),
                "EngineConfig.onnxruntime.intra_op_num_threads": self._threads or -1,
                "EngineConfig.onnxruntime.use_cuda": self._device.startswith("cuda"),
                # An exhaustive search would run for each new size of picture and choose by time.
                "EngineConfig.onnxruntime.cuda_ep_cfg.cudnn_conv_algo_search": "HEURISTIC",
            }
        )

    def _read_clip(self, clip: Clip) -> list[Finding]:
        findings: list[Finding] = []
        lines: list[Line] = []
        seen: NDArray[np.int16] | None = None
        for picture in clip.keyframes:
            thumbnail = shrink(picture.pixels)
            if seen is None or not look_alike(seen, thumbnail):
                seen, lines = thumbnail, self.read_picture(picture.pixels)
            findings += [_to_words(picture, line) for line in lines]
        return findings


def shrink(pixels: NDArray[np.uint8]) -> NDArray[np.int16]:
    """A small grey picture of `THUMBNAIL_PX` in which a changed letter still shows."""
    from PIL import Image

    grey = Image.fromarray(pixels).convert("L")
    return np.asarray(grey.resize(THUMBNAIL_PX, Image.Resampling.BOX)).astype(np.int16)


def look_alike(one: NDArray[np.int16], other: NDArray[np.int16]) -> bool:
    """Whether two thumbnails are so alike that the same text must stand in both pictures."""
    difference = np.abs(one - other)
    return bool(difference.mean() <= ALIKE_MEAN and difference.max() <= ALIKE_MOST)


def order_lines(boxes: NDArray[np.float64]) -> list[list[int]]:
    """Lines in reading order; a line is a list of the pieces of text that it is made of.

    Pieces near to each other on one baseline are one line. Lines of running text below each other
    are a paragraph and stay together, so that columns are read one after the other; all else is
    read in rows, from left to right and from top to bottom.

    Args:
        boxes: of the pieces, (n, 4) px.
    """
    if not len(boxes):
        return []
    places = np.lexsort(boxes.T)  # so that the order of finding makes no difference
    boxes = boxes[places]
    lines = _chain_pieces(boxes)
    bounds = np.array([_enclose(boxes[line]) for line in lines])  # (lines, 4)
    paragraph = _find_paragraphs(bounds)
    members = [np.flatnonzero(paragraph == number) for number in np.unique(paragraph)]
    blocks = np.array([_enclose(bounds[member]) for member in members])
    in_order = [member[_rank_rows(bounds[member])] for member in members]
    ranked = [lines[i] for block in _rank_rows(blocks) for i in in_order[block]]
    return [places[line].tolist() for line in ranked]


def _find_models() -> tuple[Path, Path]:
    """The detector and the recogniser in the wheel, without importing it."""
    spec = find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise LibraryMissing("ocr needs rapidocr: pip install 'rapidocr>=3.10'")
    folder = Path(spec.origin).parent / "models"
    for name in (DETECTOR, RECOGNISER):
        if not (folder / name).is_file():
            raise ModelUnavailable(f"ocr: no {name} in {folder}: pip install rapidocr==3.10.0")
    return folder / DETECTOR, folder / RECOGNISER


def _chain_pieces(boxes: NDArray[np.float64]) -> list[list[int]]:
    """Pieces (n, 4) joined to lines, each from left to right."""
    width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    low, high = np.minimum.outer(height, height), np.maximum.outer(height, height)
    gap = boxes[None, :, 0] - boxes[:, None, 2]
    follows = (
        (_overlap(boxes, axis=1) >= SAME_LINE * low)
        & (low >= SAME_LINE * high)
        & (gap >= -low / 2)
        & (gap <= PIECE_GAP * high)
        & np.logical_and.outer(width > height / 2, width > height / 2)  # not vertical writing
    )
    lines: list[list[int]] = []
    for i in np.argsort(boxes[:, 0], kind="stable").tolist():
        ends = np.array([line[-1] for line in lines], dtype=np.int64)
        fitting = np.flatnonzero(follows[ends, i])
        if len(fitting):
            lines[fitting[gap[ends[fitting], i].argmin()]].append(i)
        else:
            lines.append([i])
    return lines


def _find_paragraphs(bounds: NDArray[np.float64]) -> NDArray[np.int64]:
    """A number for each line, shared by the lines of a paragraph, (n,)."""
    height = bounds[:, 3] - bounds[:, 1]
    width = bounds[:, 2] - bounds[:, 0]
    low, high = np.minimum.outer(height, height), np.maximum.outer(height, height)
    linked = (
        (-_overlap(bounds, axis=1) <= PARAGRAPH_GAP * low)
        & (low >= SAME_LINE * high)
        & (_overlap(bounds, axis=0) >= np.minimum.outer(width, width) / 2)
    )
    alone = np.arange(len(bounds))
    number = alone
    while True:  # the lowest number spreads to all lines of the paragraph
        spread = np.where(linked, number, len(bounds)).min(axis=1)
        if (spread == number).all():
            break
        number = spread
    lines = np.bincount(number, minlength=len(bounds))
    wide = np.bincount(number, weights=width / height, minlength=len(bounds))
    running = (lines >= PARAGRAPH_LINES) & (wide >= PARAGRAPH_WIDTH * lines)
    return np.where(running[number], number, alone)


def _rank_rows(boxes: NDArray[np.float64]) -> NDArray[np.int64]:
    """Order of boxes (n, 4): those beside each other from left to right, else downwards, (n,)."""
    middle = boxes[:, 1] + boxes[:, 3]
    height = boxes[:, 3] - boxes[:, 1]
    across, down = np.lexsort((middle, boxes[:, 0])), np.lexsort((boxes[:, 0], middle))
    beside = _overlap(boxes, axis=1) > np.minimum.outer(height, height) / 2
    column, row = np.argsort(across), np.argsort(down)
    before = np.where(beside, np.less.outer(column, column), np.less.outer(row, row))
    return np.lexsort((row, before.sum(axis=0)))


def _overlap(boxes: NDArray[np.float64], *, axis: int) -> NDArray[np.float64]:
    """How much each two boxes (n, 4) have in common along an axis, (n, n); a gap is negative."""
    low, high = boxes[:, axis], boxes[:, axis + 2]
    common: NDArray[np.float64] = np.minimum.outer(high, high) - np.maximum.outer(low, low)
    return common


def _enclose(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """The box (4,) around boxes (n, 4)."""
    return np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])


def _join_pieces(
    texts: NDArray[np.object_], scores: NDArray[np.float64], boxes: NDArray[np.float64]
) -> Line:
    """One line of its pieces; the score is their mean by length, boxes (n, 4) are fractions."""
    score = np.average(scores, weights=[len(text) for text in texts])
    x0, y0, x1, y1 = np.clip(_enclose(boxes), 0, 1).tolist()
    return Line(" ".join(texts), float(np.clip(score, 0, 1)), (x0, y0, x1, y1))


def _to_words(picture: Picture, line: Line) -> Words:
    return Words(picture.start_ms, picture.end_ms, WordsKind.READ, line.text, line.score, line.box)
