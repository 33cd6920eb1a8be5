"""The interface of models that put pictures and texts into one embedding space.

An encoder owns both sides of its space: pictures when a collection is made, texts and pictures when
it is asked. `tests/analyzers/test_encoder_contract.py` is its specification.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Range:
    """Maps a cosine to [0, 1]: `clip((cosine - low) / (high - low), 0, 1)`."""

    low: float
    high: float


@dataclass(frozen=True)
class Space:
    """One embedding space: a model with its weights. Vectors of two spaces are never compared."""

    name: str  # safe as a folder's name; tells the weights apart
    dim: int
    encoder: str  # makes its encoder again: "toy", "ARCH:TAG", "ARCH:FILE", "local-dir:DIR"
    text_range: Range  # cosines of a text with pictures
    image_range: Range  # cosines of a picture with pictures
    detector: str = ""  # found what is encoded, where that is no whole picture: a spec, as encoder


class Encoder(Protocol):
    """Pictures and texts to unit vectors of one space.

    Construction is cheap; weights load at first use.
    """

    @property
    def space(self) -> Space:
        """The space; may load what is needed to know it."""

    def encode_images(self, pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """(h, w, 3) RGB pictures of any sizes to (n, dim) unit vectors, same order."""

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Texts to (n, dim) unit vectors, same order."""


@runtime_checkable
class KnowsWords(Protocol):
    """An encoder that can tell which words it was never trained on."""

    def find_unknown_words(self, text: str) -> tuple[str, ...]:
        """Those words of a text, each once, in its order."""
