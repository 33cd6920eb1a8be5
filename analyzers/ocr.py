"""Reads what is written in keyframes.

The models (PP-OCRv6, detection and recognition, Apache-2.0) lie inside the wheel of rapidocr and run
on onnxruntime: no network, nothing on the console. The detector finds lines, the recogniser reads
them; this module puts pieces of one line together and lines into reading order.

Knows nothing of languages, of subtitles, of what the words mean. The one door to rapidocr.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
DETECT_PX = 960  # lines are looked for at this longer side, and read at the picture's own size
MIN_SCORE = 0.5
MIN_SCORE_ALONE = 0.9  # of a line of one character: textures are often taken for one
PIECE_GAP = 0.6  # pieces of one line stand nearer than this, in heights of the line
PARAGRAPH_GAP = 0.9  # so do a paragraph's lines
PARAGRAPH_WIDTH = 6.0  # its lines are at least so wide, in heights: about 16 letters
THUMBNAIL_PX = (160, 90)
ALIKE_MEAN = 1.5  # grey levels of 255, mean difference of the thumbnails of two pictures alike
ALIKE_MOST = 10  # the greatest difference of one pixel in it: one changed letter is more


@dataclass(frozen=True)
class Line:
    """One line of text in a picture."""

    text: str
    score: float  # [0, 1]
    box: Box


class OcrAnalyzer:
    """Words of the kind `read`: one for each line of a keyframe, in reading order.

    A keyframe that looks like the last one read in its clip is not read again: it is given the same
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
        """Make one; models load at the first picture.

        Args:
            device: `cuda` uses the GPU where onnxruntime has its CUDA provider, else the CPU.
            threads: of the CPU; all cores if None.
        """
        self._models = _find_models()
        self._device = device
        self._threads = threads

    def analyze(self, clips: Sequence[Clip]) -> list[list[Finding]]:
        """Read the keyframes of each clip."""
        return [self._read_clip(clip) for clip in clips]

    def read_picture(self, pixels: NDArray[np.uint8]) -> list[Line]:
        """The lines of one RGB picture (h, w, 3), in reading order."""
        output = self._engine(np.ascontiguousarray(pixels[:, :, ::-1]))
        if output.txts is None:
            return []
        height, width = pixels.shape[:2]
        corners = np.asarray(output.boxes, dtype=np.float64)  # (n, 4, 2) px
        boxes = np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)  # (n, 4)
        texts = [" ".join(text.split()) for text in output.txts]
        kept = [
            i
            for i, text in enumerate(texts)
            if output.scores[i] >= (MIN_SCORE if len(text) > 1 else MIN_SCORE_ALONE)
            and (boxes[i, :2] < boxes[i, 2:]).all()
        ]
        pieces = _Pieces(
            [texts[i] for i in kept], np.array([output.scores[i] for i in kept]), boxes[kept]
        )
        return read_in_order(pieces, width=width, height=height)

    def _read_clip(self, clip: Clip) -> list[Finding]:
        findings: list[Finding] = []
        seen: NDArray[np.int16] | None = None
        lines: list[Line] = []
        for picture in clip.keyframes:
            thumbnail = shrink(picture.pixels)
            if seen is None or not look_alike(seen, thumbnail):
                seen, lines = thumbnail, self.read_picture(picture.pixels)
            findings += [_words(picture, line) for line in lines]
        return findings
