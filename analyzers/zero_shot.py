"""Zero-shot classification: the names of a pack as vectors, and which of them pictures show.

Knows no collection, no files but those of a pack.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from analyzers.encoder import Encoder
from analyzers.pack import Pack, PackInvalid

MOST = 10  # labels of one picture
LEAST = 0.5  # score of a label, where the pack says nothing else
SPREADS = 2.5  # above what pictures have that do not show a name: score .5
SHARPNESS = 3.0  # logits per spread
_QUANTILES = (0.1, 0.5)
_NORMAL = (-1.2816, 0.0)  # the same of a normal distribution
_TINY = 1e-12  # no length
_ROWS = 1 << 14  # pictures at a time


@dataclass(frozen=True, eq=False)
class Scale:
    """What cosines with the n names are like where nothing is known of the pictures."""

    middle: NDArray[np.float64]  # (n,)
    spread: NDArray[np.float64]  # (n,) positive


@dataclass(frozen=True, eq=False)
class Told:
    """Labels side by side, in order of the pictures, the surest of each first."""

    rows: NDArray[np.int64]  # (k,) of the pictures
    columns: NDArray[np.int64]  # (k,) of `Labeller.names`
    scores: NDArray[np.float32]  # (k,) [0, 1]


class Labeller:
    """Says which names of a pack pictures show, from their vectors alone.

    Of an exclusive pack, the share of each name in the softmax of the cosines, over their common
    spread; what covers several names has their sum. Of another, each name alone: how far its cosine
    lies above those of pictures that do not show it, as a logistic curve; what covers several has
    their largest. Told is what reaches the threshold, MOST per picture.
    """

    def __init__(self, pack: Pack, vectors: NDArray[np.float32], scale: Scale) -> None:
        self._pack, self._vectors, self._scale = pack, vectors, scale
        plain = [name for name in pack.names if pack.find_common(name) == name]
        self.names: tuple[str, ...] = (*plain, *pack.groups, *pack.parents)
        self._covered = [list(_cover(name, pack)) for name in self.names]
        least = LEAST if pack.threshold is None else pack.threshold
        told = [pack.thresholds.get(name, least) for name in self.names]
        self._least = np.array(told, np.float32)

    def label(self, vectors: NDArray[np.float32]) -> Told:
        """The labels of pictures with these unit vectors (k, dim)."""
        parts = [
            self._label(start, vectors[start : start + _ROWS])
            for start in range(0, len(vectors), _ROWS)
        ]
        columns = zip(*parts, strict=True) if parts else iter([[np.zeros(0, np.int64)]] * 3)
        rows, names, scores = (np.concatenate(list(each)) for each in columns)
        return Told(rows, names, scores.astype(np.float32))

    def _label(
        self, first: int, vectors: NDArray[np.float32]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
        scores = self._cover(self._score(vectors @ self._vectors.T))
        passing = np.where(scores >= self._least, scores, -1)
        most = min(MOST, passing.shape[1])
        best = np.argsort(-passing, axis=1, kind="stable")[:, :most]
        found = np.take_along_axis(passing, best, axis=1)
        rows, places = np.nonzero(found >= 0)
        return rows + first, best[rows, places], found[rows, places]

    def _score(self, cosines: NDArray[np.float32]) -> NDArray[np.float32]:
        """(k, n) [0, 1]."""
        beyond = (cosines.astype(np.float64) - self._scale.middle) / self._scale.spread
        if self._pack.is_exclusive:
            odds = np.exp(SHARPNESS * (beyond - beyond.max(axis=1, keepdims=True)))
            scores = odds / odds.sum(axis=1, keepdims=True)
        else:
            scores = 1 / (1 + np.exp(SHARPNESS * (SPREADS - beyond)))
        found: NDArray[np.float32] = scores.astype(np.float32)
        return found

    def _cover(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """(k, n) of the pack's names to (k, m) of all names that are told."""
        if all(len(each) == 1 for each in self._covered):
            return scores[:, [each[0] for each in self._covered]]
        put = np.add.reduce if self._pack.is_exclusive else np.maximum.reduce
        columns = [put(scores[:, each], axis=1) for each in self._covered]
        return np.stack(columns, axis=1).clip(0, 1)


def measure_scale(pack: Pack, names: NDArray[np.float32], vectors: NDArray[np.float32]) -> Scale:
    """From pictures taken by chance, most of which show none of the names.

    The lower half of the cosines with a name gives middle and spread, as of a normal distribution:
    the upper half has the pictures that show it. Names of an exclusive pack are compared with one
    another: one spread, of the cosines of a picture around their mean, holds for all.

    Args:
        pack: whose names these are.
        names: (n, dim) unit.
        vectors: (k, dim) unit, k > 0.
    """
    cosines = (vectors @ names.T).astype(np.float64)
    if pack.is_exclusive:
        around = cosines - cosines.mean(axis=1, keepdims=True)
        spread = max(float(around.std()), _TINY)
        return Scale(np.zeros(len(names)), np.full(len(names), spread))
    low, middle = np.quantile(cosines, _QUANTILES, axis=0)
    spreads = (middle - low) / (_NORMAL[1] - _NORMAL[0])
    return Scale(middle, np.maximum(spreads, _TINY))


def _cover(name: str, pack: Pack) -> Iterable[int]:
    """Places among the pack's names of what a name covers; of its own if that is all."""
    covering: Mapping[str, tuple[str, ...]] = {**pack.groups, **pack.parents}
    asked, seen = [name], {name}
    while asked:
        one = asked.pop(0)
        if one not in covering:
            yield pack.names.index(one)
        new = [each for each in covering.get(one, ()) if each not in seen]
        seen.update(new)
        asked += new


def encode_names(pack: Pack, encoder: Encoder) -> NDArray[np.float32]:
    """Unit vectors (n, dim) of the names: the pack's own, else the means of their prompts.

    The mean of the prompts' vectors, made unit again, is the ensemble in embedding space of
    Radford et al., "Learning Transferable Visual Models From Natural Language Supervision" (2021),
    section 3.1.4.

    Raises:
        PackInvalid: the pack's vectors are of another space or of another shape.
    """
    if pack.vectors is not None:
        if pack.space != encoder.space.name:
            raise PackInvalid(
                f"{pack.vectors}: vectors of the space {pack.space}, not {encoder.space.name}; "
                "leave out vectors and space, and the names are encoded"
            )
        return read_vectors(pack)
    texts = [prompt for prompts in pack.prompts for prompt in prompts]
    counts = [len(prompts) for prompts in pack.prompts]
    starts = [0, *accumulate(counts)][:-1]
    return _unit(np.add.reduceat(encoder.encode_texts(texts), starts, axis=0))


def read_vectors(pack: Pack) -> NDArray[np.float32]:
    """Unit vectors (n, dim) that a pack brings along.

    Raises:
        PackInvalid: it brings none, or not one usable vector for each name.
    """
    if pack.vectors is None:
        raise PackInvalid(f"the pack {pack.facet} brings no vectors")
    try:
        vectors = np.load(pack.vectors, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise PackInvalid(f"{pack.vectors}: cannot be read as .npy: {error}") from error
    wanted = f"{len(pack.names)} rows of numbers, one for each name of {pack.facet}"
    if vectors.ndim != 2 or len(vectors) != len(pack.names) or vectors.dtype.kind != "f":
        shape = f"{vectors.shape} of {vectors.dtype}"
        raise PackInvalid(f"{pack.vectors}: has {shape}; give {wanted}")
    lengths = np.linalg.norm(vectors, axis=1)
    bad = np.flatnonzero(~np.isfinite(lengths) | (lengths <= _TINY))
    if len(bad):
        raise PackInvalid(f"{pack.vectors}: row {bad[0]}, of {pack.names[bad[0]]!r}, has no length")
    return _unit(vectors.astype(np.float32))


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    units: NDArray[np.float32] = vectors / np.maximum(lengths, _TINY)
    return units
