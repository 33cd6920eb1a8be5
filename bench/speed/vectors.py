"""Unit vectors that lie as those of CLIP do: pictures in a narrow cone, texts in another.

The recipe, after vectors of CLIP ViT-B/32 (2,146 texts "a {name}", seven pictures). In brackets
what was measured on them; `tests/bench/test_speed_vectors.py` holds the draws to it.

- Pictures have a mean of norm .775 [squared: mean cosine of two pictures, .60] in which one
  dimension weighs -.689 [it holds 48 % of the squared norm; spread .070 where others have .022].
- Texts have a mean of norm .867 [mean cosine of two texts .752] in which two other dimensions weigh
  .55 each. The means lie apart: a text and a picture have cosine .19 +- .02 [.189 +- .019].
- Around the mean, pictures have variance .40 and texts .248, along random axes whose shares fall
  as the texts' eigenvalues do [first 4.2 %, half in the first 45, 97 % in the first 300 of 512].
  Seven pictures give no spectrum: theirs is taken to fall alike, along axes of their own [2 % of
  the pictures' variance lies along the first ten axes of the texts, as chance has it].
- A shot shows one of 2,000 concepts, by Zipf's law. Its direction holds .06 of the pictures'
  variance and half of the texts': a text and a picture of its concept have about .28 [.23 to .28
  for the name that fits best; whole captions of photographs come to .35].
- Of the pictures' variance .12 is one video's, .02 to .10 a single keyframe's, the rest a shot's:
  neighbours in a shot have cosine .90 to .98, two shots of a video .72. These three are assumed.

Other numbers of dimensions keep all of this; the axes' shares are stretched. Knows no encoder: what
a vector shows is not drawn, only where it lies.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.speed.shape import Shape, draw_shape

Vectors = NDArray[np.float32]

# Weights of the means, and spreads around them, in the dimensions that stand out.
PICTURE_MEANS = {92: -0.689, 133: 0.0850, 312: 0.0849}
TEXT_MEANS = {92: -0.1447, 133: 0.5507, 312: 0.5503, 329: -0.2035}
# Before they are made of unit length, which halves the spread of the picture's heavy dimension.
PICTURE_SPREADS = {92: 0.130, 133: 0.0058, 312: 0.0058}
TEXT_SPREADS = {92: 0.0118, 133: 0.0301, 312: 0.0300}
PICTURE_NORM, TEXT_NORM = 0.775, 0.867  # of the means
PICTURE_VARIANCE, TEXT_VARIANCE = 0.40, 0.248

# Shares of the variance of axes 1, 2, 5, ... of 512; between them a straight line in logarithms.
RANKS = (1, 2, 5, 10, 20, 50, 100, 200, 300, 400, 512)
SHARES = (4.25e-2, 3.01e-2, 2.16e-2, 1.43e-2, 9.7e-3, 5.0e-3, 2.8e-3, 1.03e-3, 3.9e-4, 1.5e-4, 4e-6)

CONCEPTS = 2000
CONCEPT_VARIANCE = 0.06  # of pictures
TEXT_CONCEPT_VARIANCE = TEXT_VARIANCE / 2
VIDEO_VARIANCE = 0.12
KEYFRAME_VARIANCE = (0.02, 0.10)
BLOCK_ROWS = 8192
WORLD_SEED = 20_26  # of what all draws share: means, axes, concepts


@dataclass(frozen=True, eq=False)
class Cone:
    """Where the vectors of one modality lie."""

    mean: Vectors  # (dim,)
    axes: Vectors  # (dim, dim) one axis a row, as long as the root of its share


def draw_vectors(count: int, dim: int, seed: int) -> Iterator[Vectors]:
    """Unit vectors of pictures in row order, in blocks of whole videos.

    Rows are cut into videos and shots as `draw_shape(count, seed)` says.

    Args:
        count: how many rows.
        dim: at least 330, so that the dimensions that stand out are there.
        seed: the same seed gives the same vectors.

    Returns:
        Blocks (m, dim) of about 8,192 rows, float32.
    """
    shape, chance = draw_shape(count, seed), np.random.default_rng([seed, 2])
    cone, concepts = _picture_cone(dim), _draw_concepts(dim) * np.float32(CONCEPT_VARIANCE**0.5)
    shown = draw_concepts_of_shots(shape, seed)
    borders = shape.first_shot
    for first, last in _runs_of_videos(shape):
        shots = slice(borders[first], borders[last])
        rows = np.diff(shape.first_row[borders[first] : borders[last] + 1])  # of each shot
        spread = _draw_spread(np.diff(borders[first : last + 1]), rows, dim, chance) @ cone.axes
        spread += np.repeat(concepts[shown[shots]] + cone.mean, rows, axis=0)
        yield _unit(spread)


def draw_queries(count: int, dim: int, seed: int) -> Vectors:
    """Unit vectors of texts, each about one of the concepts: (count, dim), float32."""
    chance, cone = np.random.default_rng([seed, 3]), _text_cone(dim)
    named = _draw_concepts(dim)[chance.integers(CONCEPTS, size=count)]
    rest = np.float32((TEXT_VARIANCE - TEXT_CONCEPT_VARIANCE) ** 0.5)
    vectors = chance.standard_normal((count, dim), np.float32) @ (cone.axes * rest)
    vectors += named * np.float32(TEXT_CONCEPT_VARIANCE**0.5) + cone.mean
    return _unit(vectors)


def draw_concepts_of_shots(shape: Shape, seed: int) -> NDArray[np.int64]:
    """Which concept each shot shows: (s,), the n-th most frequent in proportion to 1 / n."""
    chance = np.random.default_rng([seed, 4])
    upto = np.cumsum(1 / np.arange(1, CONCEPTS + 1))
    shown: NDArray[np.int64] = np.searchsorted(upto, chance.random(shape.shots) * upto[-1])
    return shown


def _runs_of_videos(shape: Shape) -> Iterator[tuple[int, int]]:
    """From which video to before which, so that a run has about BLOCK_ROWS rows."""
    ends = shape.first_row[shape.first_shot[1:]]  # (v,) the row behind each video
    first = 0
    while first < shape.videos:
        begun = ends[first - 1] if first else 0
        last = max(int(np.searchsorted(ends, begun + BLOCK_ROWS, "right")), first + 1)
        yield first, last
        first = last


def _draw_spread(
    shots: NDArray[np.int64], rows: NDArray[np.int64], dim: int, chance: np.random.Generator
) -> Vectors:
    """What videos, their shots and keyframes have of their own, along unit axes: (n, dim).

    Args:
        shots: how many each video has.
        rows: how many keyframes each shot has.
        dim: of the vectors.
        chance: where the draws come from.
    """
    low, high = np.log(KEYFRAME_VARIANCE)
    alone = np.exp(chance.uniform(low, high, len(rows)))  # (s,) the keyframes' variance
    common = PICTURE_VARIANCE - CONCEPT_VARIANCE - VIDEO_VARIANCE - alone
    of_shots = chance.standard_normal((len(rows), dim), np.float32)
    of_shots *= np.sqrt(common, dtype=np.float32)[:, None]
    of_videos = chance.standard_normal((len(shots), dim), np.float32)
    of_shots += np.repeat(of_videos * np.float32(VIDEO_VARIANCE**0.5), shots, axis=0)
    spread = chance.standard_normal((int(rows.sum()), dim), np.float32)
    spread *= np.repeat(np.sqrt(alone, dtype=np.float32), rows)[:, None]
    spread += np.repeat(of_shots, rows, axis=0)
    return spread


def _picture_cone(dim: int) -> Cone:
    chance = np.random.default_rng([WORLD_SEED, dim, 1])
    mean = _draw_mean(dim, PICTURE_MEANS, PICTURE_NORM, chance)
    spreads = {at: each / PICTURE_VARIANCE**0.5 for at, each in PICTURE_SPREADS.items()}
    return Cone(mean, _draw_axes(dim, spreads, chance))


def _text_cone(dim: int) -> Cone:
    chance = np.random.default_rng([WORLD_SEED, dim, 2])
    mean = _draw_mean(dim, TEXT_MEANS, TEXT_NORM, chance)
    spreads = {at: each / TEXT_VARIANCE**0.5 for at, each in TEXT_SPREADS.items()}
    return Cone(mean, _draw_axes(dim, spreads, chance))


def _draw_mean(
    dim: int, weights: dict[int, float], norm: float, chance: np.random.Generator
) -> Vectors:
    """A vector of that norm with those weights in the dimensions that stand out."""
    places = list(weights)
    mean = chance.standard_normal(dim)
    mean[places] = 0
    mean *= np.sqrt(norm**2 - sum(each**2 for each in weights.values())) / np.linalg.norm(mean)
    mean[places] = list(weights.values())
    return mean.astype(np.float32)


def _draw_axes(dim: int, spreads: dict[int, float], chance: np.random.Generator) -> Vectors:
    """Random orthogonal axes, their variances 1 in all; then some dimensions get their spread."""
    ranks = np.arange(1, dim + 1) * (RANKS[-1] / dim)
    shares = np.exp(np.interp(np.log(ranks), np.log(RANKS), np.log(SHARES)))
    turned, _ = np.linalg.qr(chance.standard_normal((dim, dim)))
    axes: NDArray[np.float64] = turned * np.sqrt(shares / shares.sum())[:, None]
    for place, spread in spreads.items():
        axes[:, place] *= spread / np.linalg.norm(axes[:, place])
    return axes.astype(np.float32)


def _draw_concepts(dim: int) -> Vectors:
    """Unit directions (CONCEPTS, dim), empty in the dimensions that stand out."""
    directions = np.random.default_rng([WORLD_SEED, dim, 3]).standard_normal((CONCEPTS, dim))
    directions[:, list({*PICTURE_SPREADS, *TEXT_MEANS})] = 0
    return _unit(directions.astype(np.float32))


def _unit(vectors: Vectors) -> Vectors:
    """The same directions, in place, of length 1."""
    lengths: Vectors = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    vectors /= lengths[:, None]
    return vectors
