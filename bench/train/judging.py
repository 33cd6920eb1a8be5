"""What an encoder makes of pictures and captions, and how well it finds unseen shots by them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bench.train.design import MEAN, SPREAD, Design
from bench.train.figures import (
    Choice,
    Choices,
    Judged,
    Ranges,
    measure_ranges,
    measure_recall,
    rank_captions,
)
from bench.train.samples import Picture, Samples
from bench.train.tokens import Tokens
from bench.train.wording import CHANGES, Change

if TYPE_CHECKING:
    import torch

MOST_SHOTS = 1000
AT_ONCE = 100


def prepare(pictures: NDArray[np.uint8]) -> "torch.Tensor":
    """(n, h, w, 3) of 0 to 255 to (n, 3, h, w) of about -2 to 2, channels last in memory."""
    import torch

    scaled = torch.from_numpy(pictures).float().sub_(255 * MEAN).div_(255 * SPREAD)
    return scaled.permute(0, 3, 1, 2)


def encode_ids(model: Any, ids: "torch.Tensor") -> "torch.Tensor":
    """(n, length) ids to (n, dim) unit vectors; the length may be less than the model's."""
    text, length = model.text, ids.shape[1]
    whole = text.attn_mask
    text.attn_mask = whole[:length, :length]  # open_clip itself wants the full length
    try:
        vectors: torch.Tensor = model.encode_text(ids, normalize=True)
    finally:
        text.attn_mask = whole
    return vectors


class Judge:
    """Encodes the same unseen shots with any weights."""

    def __init__(self, design: Design, tokens: Tokens, samples: Samples) -> None:
        """The first pictures of the first MOST_SHOTS shots are what is to be found."""
        starts = np.flatnonzero(np.diff(samples.shots, prepend=-1))[:MOST_SHOTS]
        self._design, self._tokens, self._samples = design, tokens, samples
        self._rows = starts
        self._captions = [samples.get_captions(int(row)) for row in starts]

    def judge(self, model: Any) -> Judged:
        """How well captions find their shots."""
        pictures = self._encode_pictures(model, self._rows)
        alike = self._samples.alike[self._rows]
        found = {}
        for kind in ("terse", "novice", "expert"):
            texts = self._encode_texts(model, [getattr(each, kind) for each in self._captions])
            found[kind] = measure_recall(rank_captions(texts, pictures, alike))
        return Judged(shots=len(self._rows), **found)

    def measure(self, model: Any) -> Ranges:
        """Between which cosines its vectors say something."""
        texts = self._encode_texts(model, [each.expert for each in self._captions])
        pictures = self._encode_pictures(model, self._rows)
        return measure_ranges(texts, pictures)

    def choose(self, model: Any) -> Choices:
        """How often a false caption is told from the true one, which is the expert's."""
        pictures = self._encode_pictures(model, self._rows)
        found = {kind: self._choose(model, pictures, change) for kind, change in CHANGES.items()}
        return Choices(**found)

    def _choose(self, model: Any, pictures: NDArray[np.float32], change: Change) -> Choice:
        random = np.random.default_rng(0)  # the same false captions for all weights
        changed = [change(each.expert, random) for each in self._captions]
        rows = [row for row, text in enumerate(changed) if text is not None]
        if not rows:
            return Choice(0, 0.0)
        true = self._encode_texts(model, [self._captions[row].expert for row in rows])
        false = self._encode_texts(model, [text for text in changed if text is not None])
        nearer = ((true - false) * pictures[rows]).sum(axis=1) > 0
        return Choice(len(rows), round(float(nearer.mean()), 4))

    def _encode_pictures(self, model: Any, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        import torch

        device = next(model.parameters()).device
        found = []
        with torch.inference_mode():
            for start in range(0, len(rows), AT_ONCE):
                chosen = [int(row) for row in rows[start : start + AT_ONCE]]
                read = scale(self._samples.read_pictures(chosen), self._design)
                found.append(model.encode_image(prepare(read).to(device), normalize=True))
        array: NDArray[np.float32] = torch.cat(found).cpu().numpy()
        return array

    def _encode_texts(self, model: Any, texts: Sequence[str]) -> NDArray[np.float32]:
        import torch

        device = next(model.parameters()).device
        found = []
        with torch.inference_mode():
            for start in range(0, len(texts), AT_ONCE):
                ids = torch.from_numpy(self._tokens.encode(texts[start : start + AT_ONCE]))
                found.append(encode_ids(model, ids.to(device)))
        array: NDArray[np.float32] = torch.cat(found).cpu().numpy()
        return array


def scale(pictures: Sequence[Picture], design: Design) -> NDArray[np.uint8]:
    """Pictures of any sizes to (n, h, w, 3), as open_clip's own transform does it."""
    from PIL import Image

    size, filter_ = (design.width, design.height), Image.Resampling.BICUBIC
    return np.stack([np.asarray(Image.fromarray(each).resize(size, filter_)) for each in pictures])
