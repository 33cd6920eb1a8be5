"""Face tracks that look like a person, and people who look as if they did what a text says.

Knows no query, no names, no shots.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analyzers.encoder import Range
from analyzers.error import SettingsError
from search.crop_cosines import find_best_cosines
from search.encoders import Encoders
from search.error import QueryInvalid
from search.layout import Floats, Indexes
from search.persons import KnownPerson, Persons
from search.picture import LARGEST_PX, read_picture
from search.vector_leaf import calibrate

if TYPE_CHECKING:
    from indexer.generations.crop_table import TrackVectors
    from indexer.generations.generation import Generation

FACES = "faces."  # how the names of spaces of faces begin
MOST_EXAMPLES = 8  # vectors that a known person is compared by
MOST_CLUSTERS = 4  # of them, each by its mean
MOST_OF_CLUSTER = 256  # vectors that a mean is taken of
NO_FACES = "the collection knows no faces: index its videos with `--analyzers +faces`"
NO_PEOPLE = (
    "the collection has no pictures of people to compare with words: index its videos with "
    "`--analyzers +objects,+actions`, or ask for an action that is listed, by its name"
)

Notes = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class LikeFaces:
    """Face tracks that may be the person's, k of them."""

    vectors: "TrackVectors"
    person: str | None  # the id; None: of example pictures
    place: Indexes  # (k,) among the vectors, ascending
    cosine: Floats  # (k,)
    sure: NDArray[np.bool_]  # (k,) said or found to be the person
    least: float

    @property
    def range(self) -> Range:
        """Maps the cosines to scores."""
        return self.vectors.space.image_range

    @cached_property
    def score(self) -> Floats:
        """(k,) the calibrated cosine, of those that are sure at least that of `least`."""
        floor = np.maximum(self.cosine, np.float32(self.least))
        return calibrate(np.where(self.sure, floor, self.cosine), self.range)


class PeopleSource:
    """What the leaves about people ask of one generation; safe to share between threads.

    Args:
        generation: the search files.
        encoders: turn pictures and words into vectors.
        persons: know names and clusters.
        find_picture: gives the file of a picture that a query names by its id.
        most_px: of a picture in a query.
    """

    def __init__(
        self,
        generation: "Generation",
        encoders: Encoders,
        persons: Persons,
        find_picture: Callable[[str], bytes] | None = None,
        most_px: int = LARGEST_PX,
    ) -> None:
        self.generation, self._encoders, self._persons = generation, encoders, persons
        self._find_picture, self._most_px = find_picture, most_px

    def find_like(self, name: str, space: str | None, least: float) -> LikeFaces:
        """The face tracks of a person or cluster by its name or id, and those like them.

        Left out are tracks that are not the person's, and those below `least` that are not sure.

        Raises:
            PersonMissing: nobody is called so.
            QueryInvalid: there is no vector of the person in the space.
            SettingsError: the collection knows no faces, or none in that space.
        """
        vectors = self._face_vectors(space)
        person = self._persons.find(name)
        place = np.full(len(self.generation.tracks), -1, np.int32)  # (t,)
        followed = np.flatnonzero(vectors.track >= 0)
        place[vectors.track[followed]] = followed
        examples = self._choose_examples(person, place, vectors)
        if not len(examples):
            raise QueryInvalid(
                f"person: no face of {name} has a vector in the space {vectors.space.name}; say "
                "where else the person is seen, or ask with pictures of the face"
            )
        cosines = find_best_cosines(vectors, examples, least)
        sure, wanted = np.zeros(len(cosines), bool), cosines >= np.float32(least)
        others = place[person.others]
        wanted[others[others >= 0]] = False
        own = place[person.sure]
        sure[own[own >= 0]] = True
        kept = np.flatnonzero((wanted | sure) & (vectors.track >= 0))
        return LikeFaces(vectors, person.id, kept, cosines[kept], sure[kept], least)

    def find_pictured(
        self, files: Sequence[tuple[str, bytes]], space: str | None, least: float, note: Notes
    ) -> LikeFaces:
        """The face tracks like the largest face of any of some pictures.

        Args:
            files: what people call each, and the bytes.
            space: of the faces; None: the first.
            least: cosine below which they are left out.
            note: hears what people should know.

        Raises:
            QueryInvalid: no picture shows a face.
            PictureUnreadable: one is no picture.
            SettingsError: the collection knows no faces, or none in that space.
        """
        vectors = self._face_vectors(space)
        pictures = [read_picture(data, name, most_px=self._most_px) for name, data in files]
        examples = []
        found = self._encoders.read_faces(vectors.space, pictures)
        for (name, _), faces in zip(files, found, strict=True):
            if not len(faces):
                note(f"no face is found in {name}: the other pictures count")
                continue
            if len(faces) > 1:
                note(f"{name} shows {len(faces)} faces: the largest counts")
            examples.append(faces.vectors[0])
        if not examples:
            raise QueryInvalid(
                f"person: no face is found in {', '.join(name for name, _ in files)}: give one "
                "that shows it larger, from the front"
            )
        cosines = find_best_cosines(vectors, np.stack(examples), least)
        kept = np.flatnonzero((cosines >= np.float32(least)) & (vectors.track >= 0))
        return LikeFaces(vectors, None, kept, cosines[kept], np.zeros(len(kept), bool), least)

    def picture(self, id: str) -> bytes:
        """The file of a picture that a query names by its id; QueryInvalid where none is kept."""
        if self._find_picture is None:
            raise QueryInvalid(f"person: the picture {id} is known only to the API it was given to")
        return self._find_picture(id)

    def people_vectors(self, space: str | None) -> "TrackVectors":
        """Pictures of people in a space that texts are encoded into.

        Raises:
            SettingsError: there are none.
        """
        spaces = [name for name in self.generation.crop_spaces() if not name.startswith(FACES)]
        for name in spaces if space is None else [_choose("action", spaces, space)]:
            vectors = self.generation.track_vectors(name)
            if space is not None or self._encoders.can_make(vectors.space):
                return vectors
        raise SettingsError(NO_PEOPLE)

    def encode(self, text: str, vectors: "TrackVectors", note: Notes) -> Floats:
        """(1, dim) the vector of a text in the space of some others."""
        space = vectors.space
        unknown = self._encoders.find_unknown_words(space, text)
        if unknown:
            words = ", ".join(f'"{word}"' for word in unknown)
            note(f"the model of the space {space.name} never saw {words}")
        return self._encoders.encode_texts(space, [text])

    def _face_vectors(self, space: str | None) -> "TrackVectors":
        spaces = [name for name in self.generation.crop_spaces() if name.startswith(FACES)]
        if not spaces:
            raise SettingsError(NO_FACES)
        name = spaces[0] if space is None else _choose("person", spaces, space)
        return self.generation.track_vectors(name)

    def _choose_examples(
        self, person: KnownPerson, place: NDArray[np.int32], vectors: "TrackVectors"
    ) -> Floats:
        """(q, dim) of what was said to be the person, and the mean of each of its clusters."""
        clusters = self.generation.tracks.cluster[person.sure]
        names, counts = np.unique(clusters[clusters >= 0], return_counts=True)
        largest = names[np.argsort(-counts, kind="stable")[:MOST_CLUSTERS]]
        means = []
        for cluster in largest.tolist():
            found = place[person.sure[clusters == cluster]]
            own = _spread(found[found >= 0], MOST_OF_CLUSTER)
            if len(own):
                means.append(_mean(vectors.vectors_of(own)))
        alone = person.said if len(person.said) else person.sure[clusters < 0]
        found = place[alone]
        said = _spread(found[found >= 0], MOST_EXAMPLES - len(means))
        return np.concatenate([vectors.vectors_of(said), *means])


def _choose(field: str, spaces: Sequence[str], wanted: str) -> str:
    if wanted in spaces:
        return wanted
    near = get_close_matches(wanted, spaces, 1, 0.0)
    hint = f"; the nearest is {near[0]}" if near else ""
    raise SettingsError(f"{field}: the collection has no such space {wanted}{hint}")


def _spread(places: NDArray[np.integer], most: int) -> Indexes:
    """So many of them, evenly chosen, ascending."""
    kept = places
    if len(places) > most:
        kept = places[np.linspace(0, len(places) - 1, most).astype(np.int64)]
    return np.unique(kept).astype(np.int64)


def _mean(vectors: Floats) -> Floats:
    """(1, dim) the unit vector between all; one of them where they cancel out."""
    mean = vectors.mean(axis=0, keepdims=True)
    length = float(np.linalg.norm(mean))
    return vectors[:1] if length == 0 else np.asarray(mean / length, np.float32)
