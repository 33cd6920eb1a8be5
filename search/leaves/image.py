"""Leaf: pictures like this one. The picture travels inside the query, never as a file's name."""

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator, model_validator

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
        "", max_length=LARGEST, description="A picture file (JPEG, PNG, ...) in base64."
    )
    id: str = Field(
        "", pattern="^[0-9a-f]{0,64}$", description="Instead: a picture handed to the API before."
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

    @model_validator(mode="after")
    def _has_one(self) -> Self:
        if bool(self.picture) == bool(self.id):
            raise ValueError("an image is given by its picture or by its id, one of the two")
        return self

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

        most = source.most_px
        pictures = [read_picture(leaf._file(source), leaf.name, most_px=most) for leaf in leaves]
        return [vector[None] for vector in source.of_pictures(space, pictures)]

    @classmethod
    def range_in(cls, space: Space) -> Range:
        """That of pictures beside pictures."""
        return space.image_range

    def _file(self, source: "VectorSource") -> bytes:
        return source.picture(self.id) if self.id else base64.b64decode(self.picture)

    def asked(self) -> dict[str, object]:
        """The picture's name."""
        return {"asked": self.name or "a picture"}
