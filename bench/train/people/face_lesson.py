"""What the face embedding is taught and judged by.

Faces of one person shall point the same way and those of others elsewhere (Khosla et al.,
"Supervised Contrastive Learning", 2020, equation 2), and what is seen of a face shall be told from
its vector. A batch holds people of few casts, in which some look alike. Knows nothing of how a
training goes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bench.train.people.face_crops import FEATURES, UNSEEN, FaceSamples
from bench.train.people.face_figures import choose_gate, measure_faces

if TYPE_CHECKING:
    import torch

DIM = 128
CASTS, PERSONS, FACES = 3, 12, 4  # of a batch: persons of each cast, faces of each person
TEMPERATURE = 0.1
FEATURE_WEIGHT = 0.25
CLEAR_PX = 16.0
MOST_JUDGED, AT_ONCE = 1500, 128


@dataclass(frozen=True)
class FaceBatch:
    """Crops (n, 112, 112, 3), whose they are (n,), what is seen of them (n, features)."""

    crops: NDArray[np.uint8]
    persons: NDArray[np.int64]
    features: NDArray[np.int64]


class FaceLesson:
    """Faces of drawn films."""

    def __init__(self, samples: FaceSamples, unseen: FaceSamples) -> None:
        """Learn from `samples`; judge by those of `unseen` that are wide enough."""
        self._samples, self._unseen = samples, unseen
        people: dict[int, list[int]] = {}
        for person, places in samples.by_person.items():
            if len(places) >= 2:
                people.setdefault(samples.places[places[0]].cast, []).append(person)
        self._people = [some for some in people.values() if len(some) > 1]
        clear = [n for n, place in enumerate(unseen.places) if place.width_px >= CLEAR_PX]
        step = max(1, len(clear) // MOST_JUDGED)
        self._judged = clear[::step]

    def build(self) -> Any:
        """The network with chance weights."""
        from bench.train.people.crop_design import build_crop_network

        sizes = [len(words) for words in FEATURES.values()]
        return build_crop_network(DIM, sizes)

    def make_batch(self, seed: int, number: int) -> FaceBatch:
        """Chance people of chance casts, with chance faces."""
        random = np.random.default_rng([seed, number])
        numbers = []
        for cast in random.permutation(len(self._people))[:CASTS]:
            for person in random.permutation(self._people[cast])[:PERSONS]:
                numbers += self._choose_faces(int(person), random)
        persons = np.array([self._samples.places[each].person for each in numbers], np.int64)
        features = np.stack([self._samples.features[person] for person in persons])
        return FaceBatch(self._samples.read_crops(numbers, random), persons, features)

    def _choose_faces(self, person: int, random: np.random.Generator) -> list[int]:
        """Of as many films as there are: clothes shall not tell people."""
        places = random.permutation(self._samples.by_person[person]).tolist()
        films: dict[int, int] = {}
        order = []
        for place in places:
            film = self._samples.places[place].film
            films[film] = films.get(film, 0) + 1
            order.append((films[film], place))
        return [place for _, place in sorted(order, key=lambda pair: pair[0])[:FACES]]

    def measure_loss(self, model: Any, batch: FaceBatch) -> "torch.Tensor":
        """How wrong the network is."""
        import torch
        from torch.nn.functional import cross_entropy

        vectors, said = model.tell(as_crops(batch.crops))
        loss = contrast_persons(vectors.float(), torch.from_numpy(batch.persons))
        features = torch.from_numpy(batch.features)
        for column, logits in enumerate(said):
            told = features[:, column]
            if bool((told != UNSEEN).any()):
                wrong = cross_entropy(logits.float(), told, ignore_index=UNSEEN)
                loss = loss + FEATURE_WEIGHT * wrong
        return loss

    def judge(self, model: Any) -> Mapping[str, float]:
        """How well faces of people it never saw are told apart."""
        return measure_faces(self.encode(model), [self._unseen.places[n] for n in self._judged])

    def choose_gate(self, model: Any) -> tuple[float, float]:
        """The gate for the faces it is judged by, and the pairwise F1 of their clusters."""
        return choose_gate(self.encode(model), [self._unseen.places[n] for n in self._judged])

    def encode(self, model: Any) -> NDArray[np.float32]:
        """Unit vectors (n, dim) of the faces it is judged by."""
        import torch

        found = []
        with torch.inference_mode():
            for start in range(0, len(self._judged), AT_ONCE):
                crops = self._unseen.read_crops(self._judged[start : start + AT_ONCE])
                found.append(model(as_crops(crops)))
        vectors: NDArray[np.float32] = torch.cat(found).numpy()
        return vectors


def as_crops(crops: NDArray[np.uint8]) -> "torch.Tensor":
    """(n, 112, 112, 3) to (n, 3, 112, 112) float32."""
    import torch

    return torch.from_numpy(crops).permute(0, 3, 1, 2).float()


def contrast_persons(vectors: "torch.Tensor", persons: "torch.Tensor") -> "torch.Tensor":
    """The mean over all pairs of one person of how hard they are to find among the batch."""
    import torch

    own = torch.eye(len(vectors), dtype=torch.bool)
    odds = (vectors @ vectors.T / TEMPERATURE).masked_fill(own, float("-inf"))
    log_share = odds - odds.logsumexp(dim=1, keepdim=True)
    same = (persons[:, None] == persons) & ~own
    return -log_share.masked_fill(~same, 0.0).sum() / same.sum().clamp(min=1)
