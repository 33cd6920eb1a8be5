"""Where the vectors come from that leaves ask for: models, or the collection itself.

Knows no query.
"""

import difflib
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from analyzers.error import SettingsError
from indexer.generations.generation import Generation
from indexer.generations.space_index import SpaceIndex
from search.encoders import Encoders
from search.error import QueryInvalid
from search.layout import Indexes, Layout, find_places
from search.picture import LARGEST_PX


class VectorSource:
    """Vectors of texts, pictures and rows, in any space of one generation."""

    def __init__(
        self,
        generation: Generation,
        layout: Layout,
        encoders: Encoders,
        find_picture: Callable[[str], bytes] | None = None,
        most_px: int = LARGEST_PX,
    ) -> None:
        self.generation = generation
        self.layout = layout
        self._encoders = encoders
        self._find_picture = find_picture
        self.most_px = most_px  # of a picture in a query

    def picture(self, id: str) -> bytes:
        """The file of a picture that a query names by its id.

        Raises:
            QueryInvalid: pictures are kept by the API only.
        """
        if self._find_picture is None:
            raise QueryInvalid(f"image: the picture {id} is known only to the API it was handed to")
        return self._find_picture(id)

    def space(self, name: str) -> SpaceIndex:
        """The space of that name.

        Raises:
            SettingsError: the collection has none; the message gives the nearest.
        """
        spaces = self.generation.spaces
        if name not in spaces:
            near = difflib.get_close_matches(name, spaces, 1, 0.0)
            hint = f"; the nearest is {near[0]}" if near else ""
            raise SettingsError(f"space: the collection has no space {name}{hint}")
        return spaces[name]

    def choose_space(self, *, with_encoder: bool) -> str:
        """The first space that can answer: one with an encoder, if texts or pictures are asked.

        Raises:
            SettingsError: there is none.
        """
        for name, index in self.generation.spaces.items():
            if not with_encoder or self._encoders.can_make(index.space):
                return name
        raise SettingsError(
            "the collection has no space to compare texts or pictures in: index it with an "
            "encoder (--profile, --encoder), or ask with --where"
        )

    def of_texts(self, space: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dim) vectors of texts."""
        return self._encoders.encode_texts(self.space(space).space, texts)

    def unknown_words(self, space: str, text: str) -> tuple[str, ...]:
        """Words of a text that the space's model says it was never trained on."""
        return self._encoders.find_unknown_words(self.space(space).space, text)

    def of_pictures(self, space: str, pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """(n, dim) vectors of (h, w, 3) RGB pictures."""
        return self._encoders.encode_images(self.space(space).space, pictures)

    def of_shot(self, space: str, shot: int, time_ms: int) -> NDArray[np.float32]:
        """(q, dim) the vectors of the shot's keyframe nearest to a time; q = 0 if it has none."""
        index = self.space(space)
        rows = self.layout.rows_of_shot(shot)
        rows = rows[index.known[rows]]
        if not len(rows):
            return np.empty((0, index.space.dim), np.float32)
        nearest = np.abs(self.layout.rows.time_ms[rows] - time_ms).argmin()
        return index.vectors_of(int(rows[nearest]))

    def of_rows(self, space: str, rows: Indexes) -> NDArray[np.float32]:
        """(r, dim) the first vector of each row, zeros where it has none."""
        index = self.space(space)
        places = find_places(index.row, rows.astype(np.int32))
        vectors = np.zeros((len(rows), index.space.dim), np.float32)
        vectors[places >= 0] = index.index.get_vectors(places[places >= 0])
        return vectors
