"""Names to vectors, which the classes of a pack are compared by. Knows no collection."""

from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from analyzers.encoder import Encoder
from analyzers.pack import Pack, PackInvalid

_TINY = 1e-12  # no length


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
