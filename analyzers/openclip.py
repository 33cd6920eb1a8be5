"""Encoders of open_clip: any architecture with any weights. The one door to open_clip.

An encoder is named by one of

    ARCH:TAG        an architecture of open_clip with weights that open_clip lists for it
    ARCH:FILE       the same with a checkpoint on this machine
    local-dir:DIR   a folder with open_clip_config.json, weights and, where needed, a tokenizer

or it is one that this package brings, and named as its folder in `weights/`. Its space is named by
ARCH.TAG, by ARCH and the first 8 hex digits of the checkpoint's SHA-256, or by `local` (the name of
a shipped model) and 8 digits of the folder's. So a space names its weights, wherever they lie.

Pictures go through open_clip's own transform. A checkpoint gets the transform of the architecture's
published weights where these agree, else open_clip's default (which is wrong for SigLIP).

Knows nothing of profiles, of collections, of videos.
"""

import os
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analyzers.checkpoint import Weights, parse_weights
from analyzers.encoder import Range, Space
from analyzers.error import ModelUnavailable, SettingsError, ShotseekError
from analyzers.models import (
    fetch_files,
    find_published_hash,
    find_tokenizer,
    find_weights,
    has_files,
    is_damaged,
)
from analyzers.profiles import DEFAULT_FILES, HubSource, find_model, suggest

if TYPE_CHECKING:
    import torch

PRECISIONS = ("auto", "float32", "bfloat16")
BATCHES = {"cpu": 16, "cuda": 64}  # pictures
TEXT_BATCH = 64
_WORD = re.compile(r"[^\W\d_]+")
PREPARERS = 4  # threads that transform pictures; torch adds its own to each
# From this size of the picture tower on, bf16 saves more than a few ms per picture (ViT-B: 87 M).
LARGE = 50_000_000  # parameters

# Between 7 pictures and 2148 class names CLIP ViT-B/32 gave cosines of .09 to .28: room for
# models that separate better. SigLIP's bias puts even odds between about .1 and .15.
CLIP_TEXTS = Range(0.0, 0.5)
SIGMOID_TEXTS = Range(-0.1, 0.3)
# Alike pictures differ in the last hundredths below 1, and these decide: no upper end below 1.
PICTURES = Range(0.0, 1.0)


@dataclass(frozen=True)
class _Loaded:
    """A model ready for use."""

    model: Any  # a CLIP of open_clip
    prepare: Callable[[Any], "torch.Tensor"]  # a PIL picture to (3, h, w)
    tokenize: Callable[[list[str]], "torch.Tensor"]  # n texts to (n, length)
    dtype: "torch.dtype"  # of the weights
    autocast: "torch.dtype | None"  # on CUDA


class OpenClipEncoder:
    """Pictures and texts to unit vectors by a model of open_clip.

    Raises:
        SettingsError: the name or the precision is none that exists.
        ModelUnavailable: it names a file or folder that is not there.
    """

    def __init__(
        self, spec: str, device: str = "cpu", *, precision: str = "auto", batch: int | None = None
    ) -> None:
        if precision not in PRECISIONS:
            raise SettingsError(f"no precision {precision!r}{suggest(precision, PRECISIONS)}")
        self._weights = parse_weights(spec)
        self._device = device
        self._precision = precision
        self._batch = batch or BATCHES.get(device, BATCHES["cpu"])
        self._loaded: _Loaded | None = None
        self._load_lock = Lock()
        self._tokenize_lock = Lock()  # fast tokenizers refuse to be shared

    @property
    def space(self) -> Space:
        """The space of its weights; hashes those of a file or folder, loads no model."""
        design = self._weights.design
        texts = design.text_range or (SIGMOID_TEXTS if design.is_sigmoid else CLIP_TEXTS)
        pictures = design.image_range or PICTURES
        return Space(self._weights.space_name, design.dim, self._weights.spec, texts, pictures)

    @property
    def precision(self) -> str:
        """What it computes with, `float32`, `bfloat16` or `autocast`; loads the model."""
        loaded = self._load()
        return "autocast" if loaded.autocast else str(loaded.dtype).removeprefix("torch.")

    def ensure_available(self) -> None:
        """Fetch what is not here; load local weights, for which nobody else vouches.

        Raises:
            ModelUnavailable: in one line, with the ways out.
            SettingsError: open_clip lists no such tag.
        """
        if not self.is_here():
            self.fetch()
        if self._weights.tag is None and self._weights.shipped is None:
            self._load()

    def is_here(self) -> bool:
        """Whether weights and tokenizer are on this machine."""
        return has_files(find_source(self._weights))

    def fetch(self) -> None:
        """Download what is not here yet or has changed, and compare it with the published hash.

        Raises:
            ModelUnavailable: in one line, with the ways out.
        """
        try:
            fetch_files(find_source(self._weights))
        except ModelUnavailable as error:
            raise _unavailable(self._weights, str(error)) from error

    def check_hash(self) -> bool:
        """Whether the weights have the hash that was published; False if none is known.

        Raises:
            ModelUnavailable: they have another.
        """
        file = find_weights(find_source(self._weights))
        if file is not None and is_damaged(file):
            reason = f"{file} is damaged (not the published SHA-256), fetch it again"
            raise _unavailable(self._weights, reason)
        return file is not None and find_published_hash(file) is not None

    def encode_images(self, pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """(h, w, 3) RGB pictures of any sizes to (n, dim) unit vectors, same order."""
        if not pictures:
            return np.empty((0, self.space.dim), np.float32)
        loaded = self._load()
        batches = _prepare(pictures, loaded.prepare, self._batch)
        encode = loaded.model.encode_image
        return np.concatenate([self._run(encode, batch.to(loaded.dtype)) for batch in batches])

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Texts to (n, dim) unit vectors, same order."""
        if not texts:
            return np.empty((0, self.space.dim), np.float32)
        loaded = self._load()
        with self._tokenize_lock:
            tokens = loaded.tokenize(list(texts))
        encode = loaded.model.encode_text
        starts = range(0, len(texts), TEXT_BATCH)
        return np.concatenate([self._run(encode, tokens[n : n + TEXT_BATCH]) for n in starts])

    def find_unknown_words(self, text: str) -> tuple[str, ...]:
        """Words of a text that it was never trained on, where its description lets one tell."""
        if not self._weights.design.has_whole_words:
            return ()
        cut: Callable[[str], list[str]] = self._load().tokenize.tokenizer.tokenize  # type: ignore[attr-defined]
        with self._tokenize_lock:
            words = dict.fromkeys(_WORD.findall(text))
            return tuple(word for word in words if len(cut(word)) > 1)

    def _run(
        self, encode: Callable[["torch.Tensor"], "torch.Tensor"], batch: "torch.Tensor"
    ) -> NDArray[np.float32]:
        import torch

        half = self._load().autocast
        with torch.inference_mode(), torch.autocast("cuda", half) if half else nullcontext():
            vectors = encode(batch.to(self._device))
            unit = torch.nn.functional.normalize(vectors.float(), dim=-1)
        array: NDArray[np.float32] = unit.cpu().numpy()
        return array

    def _load(self) -> _Loaded:
        with self._load_lock:
            if self._loaded is None:
                if not self.is_here():
                    self.fetch()
                try:
                    self._loaded = _load(self._weights, self._device, self._precision)
                except ShotseekError:
                    raise
                except Exception as error:  # whatever open_clip or torch say of the files
                    raise _unavailable(self._weights, f"cannot be loaded: {error}") from error
            return self._loaded


def build_untrained(settings: Mapping[str, Any]) -> "torch.nn.Module":
    """A model as a folder's `model_cfg` describes it, its weights by torch's chance."""
    from open_clip.model import CLIP, CustomTextCLIP

    rest = {key: value for key, value in settings.items() if key != "custom_text"}
    kind = CustomTextCLIP if settings.get("custom_text") else CLIP
    model: torch.nn.Module = kind(**rest)
    return model


def find_source(weights: Weights) -> HubSource:
    """Where the hub keeps what this encoder needs; nothing for what lies on this machine.

    Raises:
        SettingsError: open_clip lists no such tag.
    """
    known = find_model(weights.spec)
    if known is not None and known.hub is not None:
        return known.hub  # without open_clip, whose import takes seconds
    if weights.tag is not None:
        repo, _, file = str(_published(weights.architecture, weights.tag)["hf_hub"]).rpartition("/")
        safe = file.rpartition(".")[0] + ".safetensors"  # which open_clip prefers
        return HubSource(repo, (safe, file) if file else DEFAULT_FILES, weights.design.text_repos)
    in_hand = not weights.architecture or _tokenizer_beside(weights)
    return HubSource("", (), () if in_hand else weights.design.text_repos)


def _published(architecture: str, tag: str) -> dict[str, Any]:
    """What open_clip knows of published weights: hub, transform, activation."""
    import open_clip

    settings: dict[str, Any] = open_clip.get_pretrained_cfg(architecture, tag)
    if not settings:
        tags = open_clip.list_pretrained_tags_by_model(architecture)
        hint = suggest(tag, tags) if tags else "; open_clip lists none, give a file"
        raise SettingsError(f"--encoder {architecture}:{tag}: no weights {tag!r}{hint}")
    return settings


def _load(weights: Weights, device: str, precision: str) -> _Loaded:
    import torch
    from open_clip import create_model_from_pretrained

    if weights.tag is None:
        file = None if not weights.architecture else str(weights.path)
    else:
        file = str(_get_weights(weights))
    model, prepare = create_model_from_pretrained(
        weights.open_clip_name,
        file,
        device=device,
        **find_settings(weights),
    )
    model.eval()
    dtype, autocast = torch.float32, None
    if device == "cuda" and precision != "float32":
        autocast = torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    elif precision == "bfloat16" or (precision == "auto" and _gains_by_bfloat16(model)):
        dtype = torch.bfloat16
        model.to(dtype)
    return _Loaded(model, prepare, _get_tokenizer(weights), dtype, autocast)


def _gains_by_bfloat16(model: Any) -> bool:
    """Whether bf16 pays on this CPU: it computes in it, and the picture tower is large.

    Running means and variances of batch normalisation lose too much by it.
    """
    import torch

    can: dict[str, bool] = getattr(torch.cpu, "get_capabilities", dict)()
    if not (can.get("amx_bf16") or can.get("avx512_bf16")):
        return False
    if any(isinstance(part, torch.nn.modules.batchnorm._BatchNorm) for part in model.modules()):
        return False
    weights = sum(int(weight.numel()) for weight in model.visual.parameters())
    return weights >= LARGE


def find_settings(weights: Weights) -> dict[str, Any]:
    """With which transform and activation the weights were trained, as far as open_clip knows."""
    import open_clip

    if not weights.architecture:
        return {}  # the folder's own description says it
    tags = (
        [weights.tag]
        if weights.tag
        else open_clip.list_pretrained_tags_by_model(weights.architecture)
    )
    published = [_published(weights.architecture, tag) for tag in tags]
    shared = {
        f"image_{key}": published[0][key]
        for key in ("mean", "std", "interpolation", "resize_mode")
        if published and len({str(one.get(key)) for one in published}) == 1
    }
    quick = bool(weights.tag and published[0].get("quick_gelu"))
    return {**shared, "force_quick_gelu": quick}


def _get_weights(weights: Weights) -> Path:
    found = find_weights(find_source(weights))
    if found is None:
        raise _unavailable(weights, "its weights are not on this machine")
    return found


def _get_tokenizer(weights: Weights) -> Callable[[list[str]], "torch.Tensor"]:
    """open_clip's tokenizer for the architecture, from files on this machine only."""
    import open_clip
    from open_clip.tokenizer import HFTokenizer

    if not weights.architecture:
        tokenizer: Callable[[list[str]], torch.Tensor] = open_clip.get_tokenizer(
            weights.open_clip_name
        )
        return tokenizer
    text = open_clip.get_model_config(weights.architecture)["text_cfg"]
    repo = text.get("hf_tokenizer_name")
    if not repo:
        tokenizer = open_clip.get_tokenizer(weights.architecture)
        return tokenizer
    folder = _tokenizer_beside(weights) or find_tokenizer(repo)
    if folder is None:
        raise _unavailable(weights, f"its tokenizer ({repo}) is not on this machine")
    tokenizer = HFTokenizer(
        str(folder),
        context_length=text.get("context_length", open_clip.tokenizer.DEFAULT_CONTEXT_LENGTH),
        tokenizer_mode=text.get("tokenizer_mode"),
        **text.get("tokenizer_kwargs", {}),
    )
    return tokenizer


def _tokenizer_beside(weights: Weights) -> Path | None:
    """The folder of a checkpoint, if a tokenizer lies in it."""
    if weights.path is None or not (weights.path.parent / "tokenizer.json").is_file():
        return None
    return weights.path.parent


def _prepare(
    pictures: Sequence[NDArray[np.uint8]],
    prepare: Callable[[Any], "torch.Tensor"],
    size: int,
) -> Iterator["torch.Tensor"]:
    """Transform pictures in threads, one batch ahead of the model: (n, 3, h, w) each."""
    import torch
    from PIL import Image

    def transform(picture: NDArray[np.uint8]) -> torch.Tensor:
        return prepare(Image.fromarray(np.ascontiguousarray(picture)))

    with ThreadPoolExecutor(min(PREPARERS, os.cpu_count() or 1)) as pool:
        ahead: deque[list[Future[torch.Tensor]]] = deque()
        for start in range(0, len(pictures), size):
            ahead.append([pool.submit(transform, one) for one in pictures[start : start + size]])
            if len(ahead) > 1:
                yield torch.stack([done.result() for done in ahead.popleft()])
        while ahead:
            yield torch.stack([done.result() for done in ahead.popleft()])


def _unavailable(weights: Weights, reason: str) -> ModelUnavailable:
    """One line: the model, what is wrong, the ways out."""
    line = reason.strip().splitlines()[0][:300]
    fetch = f"`shotseek models fetch {weights.spec}` with a network, " if weights.tag else ""
    return ModelUnavailable(
        f"the encoder {weights.spec}: {line}. Ways out: {fetch}`--encoder PATH` with weights of "
        "your own (ARCH:FILE or local-dir:DIR), or `--profile demo`, which needs none"
    )
