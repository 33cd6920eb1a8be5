"""The models that turn what is asked into vectors: made when first needed, one for each space.

Knows no model; `analyzers.registry` and `analyzers.face_reading` make them.
"""

from collections.abc import Mapping, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from analyzers.encoder import Encoder, KnowsWords, Space
from analyzers.error import SettingsError
from indexer.error import SpaceMismatch

if TYPE_CHECKING:
    from analyzers.face_reading import ReadFaces


class FaceReader(Protocol):
    """Finds the faces of pictures and turns them into vectors of one space."""

    @property
    def space(self) -> Space:
        """The space."""

    def read_faces(self, pictures: Sequence[NDArray[np.uint8]]) -> "list[ReadFaces]":
        """The faces of (h, w, 3) RGB pictures, of each the largest first."""


class Encoders:
    """Encoders by space; safe to share between threads, which take turns.

    Args:
        made: encoders that exist already, by the name of their space.
        device: where others are made: "auto", "cpu" or "cuda".
        faces: readers of faces that exist already, by the name of their space.
    """

    def __init__(
        self,
        made: Mapping[str, Encoder] | None = None,
        device: str = "auto",
        faces: Mapping[str, FaceReader] | None = None,
    ) -> None:
        self._made = dict(made or {})
        self._faces = dict(faces or {})
        self._made_faces: dict[tuple[str, str], FaceReader] = {}  # by space and detector
        self._device = device
        self._turn = Lock()

    def can_make(self, space: Space) -> bool:
        """Whether the space has an encoder at all; its weights may still be missing."""
        return space.name in self._made or bool(space.encoder)

    def encode_texts(self, space: Space, texts: Sequence[str]) -> NDArray[np.float32]:
        """Texts to (n, dim) unit vectors of the space.

        Raises:
            SpaceMismatch: the encoder is there, but of another space.
            ModelUnavailable: its weights are not on this machine.
        """
        with self._turn:
            return self._get(space).encode_texts(texts)

    def find_unknown_words(self, space: Space, text: str) -> tuple[str, ...]:
        """Words of a text that the space's encoder says it was never trained on."""
        with self._turn:
            encoder = self._get(space)
            return encoder.find_unknown_words(text) if isinstance(encoder, KnowsWords) else ()

    def encode_images(
        self, space: Space, pictures: Sequence[NDArray[np.uint8]]
    ) -> NDArray[np.float32]:
        """(h, w, 3) RGB pictures to (n, dim) unit vectors of the space; errors as for texts."""
        with self._turn:
            return self._get(space).encode_images(pictures)

    def read_faces(self, space: Space, pictures: Sequence[NDArray[np.uint8]]) -> "list[ReadFaces]":
        """The faces of (h, w, 3) RGB pictures as vectors of a space of faces.

        Raises:
            SettingsError: nobody knows what makes the vectors of that space.
            SpaceMismatch: what makes them now gives another space.
            ModelUnavailable: its weights are not on this machine.
        """
        with self._turn:
            return self._get_faces(space).read_faces(pictures)

    def _get_faces(self, space: Space) -> FaceReader:
        made_by = space.name, space.detector
        reader = self._faces.get(space.name) or self._made_faces.get(made_by)
        if reader is None:
            if not space.encoder:
                raise SettingsError(
                    f"the faces of the space {space.name} cannot be compared with pictures: it is "
                    "not known what made it; ask for a person by name, or index the faces again"
                )
            from analyzers.face_reading import make_face_reader

            reader = make_face_reader(space.encoder, space.detector)
            self._made_faces[made_by] = reader
        _check_same(reader.space, space)
        return reader

    def _get(self, space: Space) -> Encoder:
        if not self.can_make(space):
            raise SettingsError(
                f"the space {space.name} has no encoder for texts and pictures: ask for shots like "
                "another (--like), or in another space"
            )
        if space.name not in self._made:
            from analyzers.registry import make_encoder

            self._made[space.name] = make_encoder(space.encoder, self._device)
        encoder = self._made[space.name]
        _check_same(encoder.space, space)
        return encoder


def _check_same(own: Space, space: Space) -> None:
    """Raise SpaceMismatch unless the vectors can be compared with the collection's."""
    if (own.name, own.dim) != (space.name, space.dim):
        raise SpaceMismatch(
            f"the collection's vectors are of the space {space.name} ({space.dim} dimensions), "
            f"but {space.encoder} now gives {own.name} ({own.dim}): bring the former weights "
            "back, or index again into a new collection"
        )
