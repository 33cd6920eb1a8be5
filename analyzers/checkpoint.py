"""The names of encoders, taken apart without waking torch: which architecture, which weights.

Knows how open_clip describes architectures (its JSON files), nothing of how a model is made.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from analyzers.encoder import Range
from analyzers.error import LibraryMissing, ModelUnavailable, SettingsError
from analyzers.models import hash_file
from analyzers.profiles import suggest

FOLDER_PREFIX = "local-dir:"
SHIPPED = ("world",)  # encoders that lie in this package, each a folder of `weights/`
OWN_KEY = "shotseek"  # of a folder's description: what open_clip's own keys do not say
CONFIG = "open_clip_config.json"
CHECKPOINTS = frozenset({".bin", ".npz", ".pt", ".pth", ".safetensors"})
_HASHED = CHECKPOINTS | {".json", ".model", ".txt"}  # what makes a folder's model what it is
_DIGITS = 8


@dataclass(frozen=True)
class Weights:
    """An encoder's name taken apart: a tag, or a path (checkpoint or folder)."""

    architecture: str  # "" for a folder
    tag: str | None = None
    path: Path | None = None  # absolute
    shipped: str | None = None  # the name of a model of this package

    @property
    def spec(self) -> str:
        """The name again, valid from any working directory."""
        if self.shipped is not None:
            return self.shipped
        if not self.architecture:
            return f"{FOLDER_PREFIX}{self.path}"
        return f"{self.architecture}:{self.tag or self.path}"

    @property
    def open_clip_name(self) -> str:
        """As open_clip itself names the architecture or folder."""
        return self.architecture or f"{FOLDER_PREFIX}{self.path}"

    @cached_property
    def space_name(self) -> str:
        """Safe as a folder's name; reads the files of local weights once, to hash them."""
        if self.tag is not None:
            return _safe(f"{self.architecture}.{self.tag}")
        if self.path is None or self.architecture:
            return _safe(f"{self.architecture}.{self._digits}")
        return f"{self.shipped or 'local'}.{self._digits}"

    @property
    def _digits(self) -> str:
        if self.path is None:
            return ""
        if self.architecture:
            return hash_file(self.path)[:_DIGITS]
        files = sorted(file for file in self.path.iterdir() if file.suffix in _HASHED)
        lines = "".join(f"{file.name} {hash_file(file)}\n" for file in files)
        return hashlib.sha256(lines.encode()).hexdigest()[:_DIGITS]

    @cached_property
    def design(self) -> "Design":
        """What open_clip's description of the model says.

        Raises:
            ModelUnavailable: the description of a folder cannot be read.
        """
        if self.architecture:
            return _read_design(_configs()[self.architecture])
        return _read_design(Path(str(self.path)) / CONFIG)


@dataclass(frozen=True)
class Design:
    """What has to be known of a model before it is loaded."""

    dim: int
    is_sigmoid: bool  # trained pair by pair (SigLIP): its cosines lie lower
    text_repos: tuple[str, ...]  # hub repositories of tokenizer and text model, where needed
    text_range: Range | None = None  # as the folder states them
    image_range: Range | None = None
    has_whole_words: bool = False  # every word it was trained on is one piece of its vocabulary


def parse_weights(spec: str) -> Weights:
    """Take `ARCH:TAG`, `ARCH:FILE`, `local-dir:DIR` or the name of a shipped model apart.

    Raises:
        SettingsError: it is none of these, or the architecture is unknown.
        ModelUnavailable: the file or folder is not there.
    """
    if spec in SHIPPED:
        return Weights("", path=_find_folder(str(find_shipped(spec))), shipped=spec)
    if spec.startswith(FOLDER_PREFIX):
        return Weights("", path=_find_folder(spec.removeprefix(FOLDER_PREFIX)))
    architecture, _, weights = spec.partition(":")
    if not architecture or not weights:
        raise SettingsError(f"--encoder {spec}: give ARCH:TAG, ARCH:FILE or local-dir:DIR")
    architecture = architecture.replace("/", "-")
    configs = _configs()
    if architecture not in configs:
        raise SettingsError(
            f"--encoder {spec}: no architecture {architecture!r}{suggest(architecture, configs)}"
        )
    path = Path(weights).expanduser()
    if path.is_file():
        return Weights(architecture, path=path.resolve())
    if "/" in weights or path.suffix in CHECKPOINTS:
        raise ModelUnavailable(f"--encoder {spec}: there is no file {path}")
    return Weights(architecture, tag=weights.lower().replace("-", "_"))


def find_shipped(name: str) -> Path:
    """Where a model of this package lies."""
    return Path(__file__).with_name("weights") / name


def find_shipped_onnx(name: str) -> Path:
    """The file of a model of this package that is one ONNX file."""
    return find_shipped(name) / f"{name}.onnx"


def _find_folder(name: str) -> Path:
    folder = Path(name).expanduser().resolve()
    if not (folder / CONFIG).is_file():
        raise ModelUnavailable(f"--encoder {FOLDER_PREFIX}{name}: there is no {folder / CONFIG}")
    if not any(file.suffix in CHECKPOINTS for file in folder.iterdir()):
        raise ModelUnavailable(f"--encoder {FOLDER_PREFIX}{name}: no weights lie in {folder}")
    return folder


def _configs() -> dict[str, Path]:
    """The architectures of the installed open_clip, each with its description."""
    found = find_spec("open_clip")  # looks for it only; importing it takes seconds
    if found is None or not found.submodule_search_locations:
        raise LibraryMissing("open_clip is not installed: pip install 'shotseek[search]'")
    folder = Path(found.submodule_search_locations[0]) / "model_configs"
    return {file.stem: file for file in folder.glob("*.json")}


def _read_design(file: Path) -> Design:
    try:
        whole: dict[str, Any] = json.loads(file.read_text("utf-8"))
        model: dict[str, Any] = whole.get("model_cfg", whole)
        text: dict[str, Any] = model["text_cfg"]
        names = (text.get("hf_tokenizer_name"), text.get("hf_model_name"))
        repos = tuple(dict.fromkeys(name for name in names if name))
        own: dict[str, Any] = whole.get(OWN_KEY, {})
        return Design(
            dim=int(model["embed_dim"]),
            is_sigmoid="init_logit_bias" in model,
            text_repos=repos,
            text_range=Range(*own["text_range"]) if "text_range" in own else None,
            image_range=Range(*own["image_range"]) if "image_range" in own else None,
            has_whole_words=own.get("whole_words") is True,
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ModelUnavailable(f"{file} describes no model of open_clip: {error!r}") from error


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]", "_", name)
