"""How wrong two towers are on a batch.

Radford et al. 2021, section 2.3 (contrastive pairs), with false captions beside the true ones as in
Yuksekgonul et al. 2023, section 5 (NegCLIP). Knows nothing of what was encoded.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


def contrast(
    pictures: "torch.Tensor",
    texts: "torch.Tensor",
    scale: "torch.Tensor",
    alike: "torch.Tensor",
) -> "torch.Tensor":
    """The mean cross-entropy of finding each one's partner among all.

    `pictures` (n, dim) and `texts` (n + m, dim) are unit vectors; the first n texts belong to the
    pictures in their order, the others to none. `alike` (n, n): pairs that do not count as wrong.
    """
    import torch
    from torch.nn.functional import cross_entropy

    count = len(pictures)
    cosines = pictures @ texts.T  # (n, n + m)
    own = torch.eye(count, dtype=torch.bool, device=pictures.device)
    ignored = torch.nn.functional.pad(alike & ~own, (0, len(texts) - count))
    logits = (cosines * scale).masked_fill(ignored, float("-inf"))
    target = torch.arange(count, device=pictures.device)
    by_picture = cross_entropy(logits, target)
    by_text = cross_entropy(logits[:, :count].T, target)
    return (by_picture + by_text) / 2
