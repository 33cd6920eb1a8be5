"""One vector of many of the same face, and its smoothing by neighbours, without training.

After Liao et al., "MMM-GCN: Multi-Level Multi-Modal Graph Convolution Network for Video-Based
Person Identification", 2023: its quality-based average pooling, and its local graph of neighbours
without the learned weights.

Pure arrays: knows nothing of faces, tracks or files.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

GOOD_QUALITY = 40.0  # of 100, the source's threshold; its scorer was another one
_BLOCK = 1024  # rows whose cosines with all others are in memory at a time


@dataclass(frozen=True)
class Smoothing:
    """How neighbours change a vector; the published weight 2 and temperature 1 let a wrong one win.

    With these a neighbour of cosine .7 / .4 / .1 has 10 / 2 / .5 % of the weight beside its own.
    """

    neighbours: int = 2  # k; more than 4 did harm at the source
    least_cosine: float = 0.5  # tau; of a model's own scale: measure it
    weight: float = 0.5  # w
    temperature: float = 0.2  # gamma
    keep: float = 0.1  # alpha, of the vector as it was


def pool_vectors(
    vectors: NDArray[np.float32],
    qualities: NDArray[np.floating],
    threshold: float = GOOD_QUALITY,
) -> NDArray[np.float32]:
    """The mean of the vectors whose quality is at least the threshold, else of all (AP_high).

    Args:
        vectors: (n, dim) unit, n >= 1.
        qualities: (n,).
        threshold: on the same scale.

    Returns:
        (dim,) unit; the best vector where they cancel out.
    """
    good = qualities >= threshold
    mean = np.asarray((vectors[good] if good.any() else vectors).mean(axis=0), np.float32)
    length = float(np.linalg.norm(mean))
    if length < np.finfo(np.float32).eps:
        return np.asarray(vectors[int(qualities.argmax())], np.float32)
    return mean / np.float32(length)


def link_local(
    main: NDArray[np.floating], neighbours: NDArray[np.floating], weight: float, temperature: float
) -> NDArray[np.float64]:
    """The normalised links of a local graph: neighbours feed the main nodes, never the other way.

    A = [[MM, MN], [0, NN]] with MM = exp(cosine / temperature), MN = weight * the same, NN the
    diagonal only; result: D_row^-1/2 A D_col^-1/2.

    Args:
        main: (m, dim) unit.
        neighbours: (k, dim) unit, k may be 0.
        weight: of neighbours.
        temperature: the lower, the less a distant neighbour counts.

    Returns:
        (m + k, m + k).
    """
    nodes = np.concatenate([main, neighbours]).astype(np.float64)
    strength = np.exp(nodes @ nodes.T / temperature)
    links = np.diag(np.diag(strength))
    links[: len(main), : len(main)] = strength[: len(main), : len(main)]
    links[: len(main), len(main) :] = weight * strength[: len(main), len(main) :]
    scaled: NDArray[np.float64] = links / np.sqrt(np.outer(links.sum(axis=1), links.sum(axis=0)))
    return scaled


def smooth_vectors(
    vectors: NDArray[np.float32],
    groups: NDArray[np.integer],
    options: Smoothing | None = None,
) -> NDArray[np.float32]:
    """Each vector with those of its neighbours mixed in; unchanged where it has none.

    A neighbour is among the k nearest of other groups, mutually, with a cosine of at least
    `least_cosine`. F1 = (1 - keep) * (links @ F0)[main] + keep * F0, at unit length. All cosines
    are computed, n^2 of them, a block of rows at a time: for 100 thousand vectors, not millions.

    Args:
        vectors: (n, dim) unit.
        groups: (n,) such as numbers of videos; vectors of one group are never neighbours.
        options: the values of `Smoothing` if None.

    Returns:
        (n, dim) unit.
    """
    chosen = options or Smoothing()
    nearest, cosines = _find_neighbours(vectors, groups, chosen)
    own = np.exp(1 / chosen.temperature)
    fed = np.where(nearest >= 0, chosen.weight * np.exp(cosines / chosen.temperature), 0.0)
    row = own + fed.sum(axis=1)  # (n,) sums of the main node's row and of each column
    share = fed / np.sqrt(row[:, None] * (fed + own))  # (n, k)
    gathered = np.einsum("nk,nkd->nd", share, vectors[nearest].astype(np.float64))
    mixed = (own / np.sqrt(row * own))[:, None] * vectors + gathered
    smoothed = (1 - chosen.keep) * mixed + chosen.keep * vectors
    smoothed /= np.linalg.norm(smoothed, axis=1, keepdims=True)
    alone = (nearest < 0).all(axis=1, keepdims=True)
    return np.where(alone, vectors, smoothed).astype(np.float32)


def _find_neighbours(
    vectors: NDArray[np.float32], groups: NDArray[np.integer], options: Smoothing
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Mutual neighbours (n, k), -1 where there is none, and their cosines."""
    k = min(options.neighbours, len(vectors))
    nearest = np.full((len(vectors), k), -1, np.int64)
    cosines = np.zeros((len(vectors), k))
    for start in range(0, len(vectors), _BLOCK):
        rows = slice(start, start + _BLOCK)
        found = vectors[rows] @ vectors.T
        found[groups[rows, None] == groups[None, :]] = -np.inf
        order = np.argsort(-found, axis=1, kind="stable")[:, :k]
        cosines[rows] = np.take_along_axis(found, order, axis=1)
        nearest[rows] = np.where(cosines[rows] >= options.least_cosine, order, -1)
    mutual = (nearest[nearest] == np.arange(len(vectors))[:, None, None]).any(axis=2)
    nearest[~mutual] = -1
    return nearest, np.where(nearest >= 0, cosines, 0.0)
