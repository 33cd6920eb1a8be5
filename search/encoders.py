"""The models that turn what is asked into vectors: made when first needed, one for each space.

Knows no model; `analyzers.registry` makes them.
"""

from collections.abc import Mapping, Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from analyzers.encoder import Encoder, KnowsWords, Space
from analyzers.error import SettingsError
from indexer.error import SpaceMismatch


class Encoders:
    """Encoders by space; safe to share between threads, which take turns.

    Args:
        made: encoders that exist already, by the name of their space.
        device: where others are made: "auto", "cpu" or "cuda".
    """

    def __init__(self, made: Mapping[str, Encoder] | None = None, device: str = "auto") -> None:
        self._made = dict(made or {})
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

    def _get(self, space: Space) -> Encoder:
        if not self.can_make(space):
            raise SettingsError(
                f"the space {space.name} has no encoder for texts and pictures: ask for shots like "
                "another (--like), or in another space"
            )
        if space.name not in self._made:
            from analyzers.registry import make_encoder

            self._made[space.name] = make_encoder(space.encoder, self._device)
        return _same_space(self._made[space.name], space)


def _same_space(encoder: Encoder, space: Space) -> Encoder:
    """The encoder, if its vectors can be compared with the collection's."""
    own = encoder.space
    if (own.name, own.dim) != (space.name, space.dim):
        raise SpaceMismatch(
            f"the collection's vectors are of the space {space.name} ({space.dim} dimensions), "
            f"but {space.encoder} now gives {own.name} ({own.dim}): bring the former weights "
            "back, or index again into a new collection"
        )
    return encoder
