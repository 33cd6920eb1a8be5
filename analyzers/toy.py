"""A tiny honest encoder: colour words and average colours in one space, without any network.

For tests, tutorials and as a baseline. It knows the named colours of `analyzers/colours.py`,
dark and bright, and roughly where in the picture which colour lies. It knows nothing of things,
people or actions.

A vector has four parts, each of which is a unit vector times a fixed weight in a picture:

    colours     square roots of the shares of the named colours      (11,)
    brightness  square roots of 1 - b and b, b the mean brightness   (2,)
    layout      cosine and sine of pi * value, for each channel of   (96,)
                the average colours of 4 x 4 cells
    rest        0 in pictures                                        (1,)

A text has the colours and the brightness it names in the first two parts, nothing in the layout,
and fills up to unit length with the rest. So the cosine of a text with a picture is REACH times a
mean of Bhattacharyya coefficients: REACH where the picture shows just what is named, 0 where it
shows none of it, and 0 with every picture for a text that names nothing known.
"""

import math
import re
from collections.abc import Sequence
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from analyzers.colours import NAMES, name_colours
from analyzers.encoder import Range, Space

_SYNONYMS = {
    **{"gray": "grey", "silver": "grey", "violet": "purple", "magenta": "pink", "rose": "pink"},
    **{"turquoise": "blue", "cyan": "blue", "teal": "green", "navy": "blue", "azure": "blue"},
    **{"scarlet": "red", "crimson": "red", "gold": "yellow", "golden": "yellow", "tan": "brown"},
}
_DARK = frozenset({"dark", "dim", "gloomy", "night"})
_BRIGHT = frozenset({"bright", "light", "sunny", "day", "daylight"})

_SIDE = 32  # px, of the square to which every picture is averaged
_CELLS = 4  # the layout's cells per side
_STEPS = 33  # nodes per channel of the table from RGB to colours
_SOFT = np.array([1, 4, 6, 4, 1], np.float32) / 16
_WEIGHTS = (math.sqrt(0.45), math.sqrt(0.1), math.sqrt(0.45))  # colours, brightness, layout
REACH = _WEIGHTS[1]  # the highest cosine of a text with a picture; the same for every text

_N = len(NAMES)
DIM = _N + 2 + 2 * 3 * _CELLS**2 + 1


class ToyEncoder:
    """Pictures by their colours, texts by their colour words."""

    @property
    def space(self) -> Space:
        """The space `toy`; its ranges are the whole of what can occur, so that no score is cut off.

        Pictures reach below 0 only where one is the other's negative.
        """
        return Space("toy", DIM, "toy", text_range=Range(0, REACH), image_range=Range(0, 1))

    def encode_images(self, pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """(h, w, 3) RGB pictures of any sizes to (n, dim) unit vectors, same order."""
        if not pictures:
            return np.empty((0, DIM), np.float32)
        small = np.stack([_shrink(picture) for picture in pictures]) / 255  # (n, side, side, 3)
        brightness = small.mean(axis=(1, 2, 3))[:, None]  # (n, 1)
        parts = (
            np.sqrt(self._share_names(small)),
            np.sqrt(np.concatenate([1 - brightness, brightness], axis=1)),
            _lay_out(small),
        )
        weighted = [part * weight for part, weight in zip(parts, _WEIGHTS, strict=True)]
        vectors = np.concatenate([*weighted, np.zeros((len(small), 1))], axis=1)
        return _unit(vectors)

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Texts to (n, dim) unit vectors, same order."""
        vectors = np.zeros((len(texts), DIM))
        for vector, text in zip(vectors, texts, strict=True):
            words = re.findall(r"\w+", text.lower())
            named = [part for part in (_colour_part(words), _brightness_part(words)) if part.any()]
            for part in named:
                vector += part / len(named)
            vector[-1] = math.sqrt(max(0.0, 1 - float(vector @ vector)))
        return _unit(vectors)

    @cached_property
    def _table(self) -> NDArray[np.float32]:
        """How much of each name an RGB node has, (steps, steps, steps, names), rows sum to 1.

        Softened along each channel, so that noise at a border between two colours moves little.
        """
        nodes = np.linspace(0, 255, _STEPS)
        grid = np.stack(np.meshgrid(nodes, nodes, nodes, indexing="ij"), -1)
        table: NDArray[np.float32] = np.eye(_N, dtype=np.float32)[name_colours(grid)]
        for axis in (0, 1, 2):
            wide = np.pad(table, [(2, 2) if n == axis else (0, 0) for n in range(4)], mode="edge")
            shifted = [wide.take(range(start, start + _STEPS), axis) for start in range(5)]
            table = np.einsum("s,sxyzk->xyzk", _SOFT, np.stack(shifted))
        return table

    def _share_names(self, small: NDArray[np.float64]) -> NDArray[np.float64]:
        """Shares of the named colours: (n, side, side, 3) in [0, 1] to (n, names), rows sum to 1.

        Trilinear between the nodes of the table: a small change of a picture is a small change.
        """
        place = small * (_STEPS - 1)
        node = np.minimum(place.astype(np.int64), _STEPS - 2)
        upper = place - node
        shares = np.zeros((len(small), _N))
        for corner in product((0, 1), repeat=3):
            weight = np.where(corner, upper, 1 - upper).prod(axis=-1)
            names = self._table[tuple(np.moveaxis(node + corner, -1, 0))]
            shares += np.einsum("nhw,nhwk->nk", weight, names)
        return shares / _SIDE**2


def _lay_out(small: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, side, side, 3) in [0, 1] to (n, 96) unit vectors."""
    size = _SIDE // _CELLS
    cells = small.reshape(len(small), _CELLS, size, _CELLS, size, 3).mean(axis=(2, 4))
    angles: NDArray[np.float64] = np.pi * cells.reshape(len(small), -1)
    return np.concatenate([np.cos(angles), np.sin(angles)], axis=1) / math.sqrt(angles.shape[1])


def _shrink(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Any picture to a square of fixed size, by averaging."""
    from PIL import Image

    whole = Image.fromarray(np.ascontiguousarray(picture))
    return np.asarray(whole.resize((_SIDE, _SIDE), Image.Resampling.BOX), np.uint8)


def _colour_part(words: Sequence[str]) -> NDArray[np.float64]:
    """The named colours, alike strong, so that a picture that shows just them reaches REACH."""
    part = np.zeros(DIM)
    for word in words:
        colour = _SYNONYMS.get(word, word)
        if colour in NAMES:
            part[NAMES.index(colour)] = 1
    return part * (REACH / _WEIGHTS[0] / max(1.0, float(np.linalg.norm(part))))


def _brightness_part(words: Sequence[str]) -> NDArray[np.float64]:
    part = np.zeros(DIM)
    part[_N] = any(word in _DARK for word in words)
    part[_N + 1] = any(word in _BRIGHT for word in words)
    return part / max(1.0, float(np.linalg.norm(part)))


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float32]:
    unit: NDArray[np.float64] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit.astype(np.float32)
