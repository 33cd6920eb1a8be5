"""What is said of an ONNX detector beside its path, or in its file's metadata.

`FILE.onnx,score=0.5,names=FILE.txt,mean=0,std=255,bgr,letterbox=no,px`: each may be left out. Knows
nothing of what a model makes of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analyzers.error import SettingsError

YES, NO = ("", "1", "true", "yes"), ("0", "false", "no")
Triple = tuple[float, float, float]


@dataclass(frozen=True)
class Use:
    """How a model is used."""

    score: float = 0.4  # below it nothing is believed
    mean: Triple = (0.0, 0.0, 0.0)  # of the channels as the model takes them, of 0 to 255
    std: Triple = (255.0, 255.0, 255.0)
    bgr: bool = False
    letterbox: bool = False  # the picture keeps its shape, with grey beside it
    px: bool = False  # finished boxes are in px of the input, not fractions

    def prepare(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Pictures (n, h, w, 3) RGB as the model takes them, (n, 3, h, w), contiguous."""
        planes = pictures.transpose(0, 3, 1, 2)
        ordered = np.ascontiguousarray(planes[:, ::-1] if self.bgr else planes)  # while bytes
        prepared: NDArray[np.float32] = ordered.astype(np.float32)
        prepared -= np.array(self.mean, np.float32).reshape(3, 1, 1)
        prepared /= np.array(self.std, np.float32).reshape(3, 1, 1)
        return prepared


@dataclass(frozen=True)
class Words:
    """What is said; all else is left to the file and to what is usual for its layout."""

    names: Path | None = None  # one class in each line
    said: Mapping[str, Any] = field(default_factory=dict)  # fields of `Use`

    def apply(self, usual: Use) -> Use:
        """`usual` with what is said in its place."""
        return replace(usual, **self.said)

    def __str__(self) -> str:
        return ",".join(f"{key}={self.said[key]}" for key in sorted(self.said))


def parse_words(spec: str, words: Sequence[str]) -> Words:
    """The words behind a path.

    Args:
        spec: the whole, for messages.
        words: `key=value`, or a key alone for yes.

    Raises:
        SettingsError: a word is none that there is, or its value cannot be used.
    """
    pairs = dict(
        (key.strip(), value.strip()) for key, _, value in (one.partition("=") for one in words)
    )
    file = pairs.pop("names", None)
    if file == "":
        raise SettingsError(f"--detector {spec}: names wants a file with one class in each line")
    return Words(Path(file) if file is not None else None, _read(pairs, f"--detector {spec}"))


def read_metadata(held: Mapping[str, str], file: Path) -> Words:
    """What the metadata of a model says; keys that are no words are let pass.

    Raises:
        SettingsError: a value cannot be used.
    """
    known = {one.name for one in fields(Use)}
    pairs = {key: value for key, value in held.items() if key in known}
    return Words(said=_read(pairs, f"the metadata of {file}"))


def _read(pairs: Mapping[str, str], where: str) -> dict[str, Any]:
    readers = {"score": _read_share, "mean": _read_triple, "std": _read_spread}
    known = {one.name for one in fields(Use)}
    said: dict[str, Any] = {}
    for key, value in pairs.items():
        if key not in known:
            raise SettingsError(f"{where}: {key!r} is none of names, {', '.join(sorted(known))}")
        try:
            said[key] = readers.get(key, _read_yes)(value)
        except ValueError as error:
            raise SettingsError(f"{where}: {key}: {error}") from None
    return said


def _read_share(text: str) -> float:
    value = float(text) if text else -1.0
    if not 0 <= value <= 1:
        raise ValueError(f"a number from 0 to 1, not {text!r}")
    return value


def _read_triple(text: str) -> Triple:
    """One number, or three with `/` between them."""
    parts = [float(part) for part in text.split("/")]
    if len(parts) not in (1, 3) or not all(map(isfinite, parts)):
        raise ValueError(f"one number, or three such as 123.7/116.3/103.5, not {text!r}")
    first, second, third = parts * (3 // len(parts))
    return first, second, third


def _read_spread(text: str) -> Triple:
    triple = _read_triple(text)
    if min(triple) <= 0:
        raise ValueError(f"numbers above 0, not {text!r}")
    return triple


def _read_yes(text: str) -> bool:
    if text.casefold() not in (*YES, *NO):
        raise ValueError(f"yes or no, not {text!r}")
    return text.casefold() in YES
