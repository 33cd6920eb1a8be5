"""Leaf: more like this shot. Compares stored vectors; no video is opened, no model is needed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from analyzers.encoder import Range, Space
from search.error import QueryInvalid
from search.listing import show_time
from search.node import Name
from search.vector_leaf import VectorLeaf
from search.videos import get_video

if TYPE_CHECKING:
    from search.vector_source import VectorSource


class ShotLeaf(VectorLeaf):
    """Scores rows by how like they are to the keyframe shown at a time of a video.

    The shot itself is among the rows, with score 1.
    """

    kind: Literal["shot"] = "shot"
    video: Name = Field(description="Its id, its file's name, or its path.")
    time_ms: int = Field(ge=0, le=10**12)

    @classmethod
    def needs_encoder(cls) -> bool:
        """No: the vectors are there."""
        return False

    @classmethod
    def find_vectors(
        cls, leaves: Sequence[Self], space: str, source: "VectorSource"
    ) -> list[NDArray[np.float32]]:
        """The stored vectors of the shot's nearest keyframe, its boxes' too."""
        return [leaf._stored(space, source) for leaf in leaves]

    @classmethod
    def range_in(cls, space: Space) -> Range:
        """That of pictures beside pictures."""
        return space.image_range

    def asked(self) -> dict[str, object]:
        """The video and the time."""
        return {"asked": self.video, "asked_ms": self.time_ms}

    def _stored(self, space: str, source: "VectorSource") -> NDArray[np.float32]:
        video = get_video(source.layout.videos, self.video)
        shot = source.layout.shot_at(video, self.time_ms)
        if shot is None:
            runs = source.layout.span_of(video)
            span = f"runs from {show_time(runs[0])} to {show_time(runs[1])}" if runs else "is empty"
            raise QueryInvalid(f"time_ms: {self.video} {span}, not at {show_time(self.time_ms)}")
        vectors = source.of_shot(space, shot, self.time_ms)
        if not len(vectors):
            raise QueryInvalid(
                f"video: {self.video} at {self.time_ms / 1000:.3f} s has no vector in the space "
                f"{space}; ask in another space, or index it with that encoder"
            )
        return vectors
