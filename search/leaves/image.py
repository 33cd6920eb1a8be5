"""Leaf: pictures like this one. The picture travels inside the query, never as a file's name."""

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator

from analyzers.encoder import Range, Space
from search.vector_leaf import VectorLeaf

if TYPE_CHECKING:
    from search.vector_source import VectorSource

LARGEST = 64 * 1024 * 1024  # characters of base64
LONGEST_NAME = 200


class ImageLeaf(VectorLeaf):
    """Scores rows by how like their pictures are to a given one."""

    kind: Literal["image"] = "image"
    picture: str = Field(
        min_length=1, max_length=LARGEST, description="A picture file (JPEG, PNG, ...) in base64."
    )
    name: str = Field(
        "", max_length=LONGEST_NAME, description="What people call it; shown in `why`."
    )

    @classmethod
    def of(cls, data: bytes, name: str = "", space: str | None = None) -> Self:
        """A leaf from the bytes of a picture file."""
        return cls(picture=base64.b64encode(data).decode("ascii"), name=name, space=space)

    @field_validator("picture")
    @classmethod
    def _is_base64(cls, value: str) -> str:
        base64.b64decode(value, validate=True)  # binascii.Error is a ValueError
        return value

    @classmethod
    def needs_encoder(cls) -> bool:
        """Yes, for the picture."""
        return True

    @classmethod
    def find_vectors(
        cls, leaves: Sequence[Self], space: str, source: "VectorSource"
    ) -> list[NDArray[np.float32]]:
        """All pictures in one batch."""
        from search.picture import read_picture

        pictures = [read_picture(base64.b64decode(leaf.picture), leaf.name) for leaf in leaves]
        return [vector[None] for vector in source.of_pictures(space, pictures)]

    @classmethod
    def range_in(cls, space: Space) -> Range:
        """That of pictures beside pictures."""
        return space.image_range

    def asked(self) -> dict[str, object]:
        """The picture's name."""
        return {"asked": self.name or "a picture"}
