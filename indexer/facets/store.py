"""The facets of a collection on disk: `facets/NAME.npz`, one file for each, truth.

It holds the pack as it was when it was added, the vectors of its names and what their cosines are
like in this collection, so that no encoder is needed to label what comes later. Knows no catalog.
"""

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from analyzers.pack import Pack
from analyzers.zero_shot import Labeller, Scale
from indexer.durable import write_durably
from indexer.error import CollectionDamaged

FACETS = "facets"
PREFIX = "facet:"  # of the name under which labels are stored
MAPPINGS = ("synonyms", "groups", "parents")


@dataclass(frozen=True, eq=False)
class Facet:
    """A pack that was added to a collection."""

    pack: Pack
    space: str
    vectors: NDArray[np.float32]  # (n, dim) unit, of the names
    scale: Scale
    version: str = ""  # of its file; other content gives other labels

    @property
    def analyzer(self) -> str:
        """The name under which its labels are stored."""
        return PREFIX + self.pack.facet

    def make_labeller(self) -> Labeller:
        """What labels pictures."""
        return Labeller(self.pack, self.vectors, self.scale)


def write_facet(folder: Path, facet: Facet) -> Facet:
    """Put a facet in the place of the one of its name; gives it with its version."""
    told = {each.name: getattr(facet.pack, each.name) for each in fields(facet.pack)}
    told |= {name: dict(told[name]) for name in (*MAPPINGS, "thresholds")} | {"vectors": None}
    packed = io.BytesIO()
    np.savez(
        packed,
        told=np.array(json.dumps({"pack": told, "space": facet.space})),
        vectors=facet.vectors,
        middle=facet.scale.middle,
        spread=facet.scale.spread,
    )
    file = _file_of(folder, facet.pack.facet)
    file.parent.mkdir(exist_ok=True)
    write_durably(file, packed.getvalue())
    return _read(file)


def read_facets(folder: Path) -> list[Facet]:
    """The facets of a collection, by name.

    Raises:
        CollectionDamaged: a file cannot be read.
    """
    return [_read(file) for file in sorted((folder / FACETS).glob("*.npz"))]


def delete_facet(folder: Path, name: str) -> None:
    """Forget a facet; nothing happens if there is none of this name."""
    _file_of(folder, name).unlink(missing_ok=True)


def _file_of(folder: Path, name: str) -> Path:
    return folder / FACETS / f"{name}.npz"


def _read(file: Path) -> Facet:
    try:
        content = file.read_bytes()
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            told = json.loads(str(arrays["told"]))
            scale = Scale(arrays["middle"], arrays["spread"])
            vectors = arrays["vectors"]
        pack = _pack_of(told["pack"])
    except (OSError, ValueError, KeyError, TypeError, BadZipFile) as error:
        raise CollectionDamaged(
            f"{file}: is damaged ({error}); remove it, and add its pack again by "
            f"`shotseek facet add`"
        ) from error
    return Facet(pack, told["space"], vectors, scale, hashlib.sha256(content).hexdigest()[:12])


def _pack_of(told: Mapping[str, Any]) -> Pack:
    frozen = {
        name: MappingProxyType({key: tuple(values) for key, values in told[name].items()})
        for name in MAPPINGS
    }
    prompts = tuple(tuple(each) for each in told["prompts"])
    return Pack(**{**told, **frozen, "names": tuple(told["names"]), "prompts": prompts})
