"""The interface of models that tell what a person does. Knows no detector and no video."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class CropForm:
    """How a person is cut out: a square around the middle of the box, as picture borders allow."""

    size_px: int
    around: float = 1.25  # side of the square, times the longer side of the box


@dataclass(frozen=True, eq=False)
class SeenPerson:
    """A person in one picture, in the forms that models ask for."""

    crop: Pixels  # (size_px, size_px, 3) RGB
    vector: NDArray[np.float32]  # (dim,) of the crop, in the space of texts and pictures
    whole: NDArray[np.float32] | None  # (dim,) of the whole picture, where the model asks for it


class ActionModel(Protocol):
    """Tells of one person in some pictures what it does. Weights load at first use."""

    @property
    def name(self) -> str:
        """The model with its weights; changes when it may tell other things."""

    @property
    def names(self) -> tuple[str, ...]:
        """(a,) `vocabulary/name` of each action; may load the weights."""

    @property
    def crop(self) -> CropForm:
        """The crops that it is shown; may load the weights."""

    @property
    def window(self) -> int:
        """How many pictures, one after the other, it is shown together at most."""

    @property
    def wants_whole(self) -> bool:
        """Whether it is shown vectors of whole pictures."""

    @property
    def least(self) -> float:
        """Scores below are not worth telling."""

    def ensure_available(self) -> None:
        """Make sure that the weights are here.

        Raises:
            ModelUnavailable: they cannot be had or cannot be used.
            LibraryMissing: what runs them is not installed.
        """

    def tell(self, windows: Sequence[Sequence[SeenPerson]]) -> NDArray[np.float32]:
        """How surely each action is done in each of n windows, none empty: (n, a), 0 to 1."""
