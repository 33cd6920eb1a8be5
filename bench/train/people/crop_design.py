"""The network that looks at crops of 112 x 112 px: faces, and people who do something.

Knows nothing of training.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

MEAN, SPREAD = 127.5, 63.75
WIDTHS = (32, 64, 128)
LAST, SIDE = 48, 7  # channels and cells of the last map, which is not averaged: places matter


def build_crop_network(dim: int, sizes: Sequence[int]) -> "torch.nn.Module":
    """(n, 3, 112, 112) RGB, 0 to 255, to unit vectors (n, dim).

    Its `tell` gives beside them a logit for each word of each feature, of which there are `sizes`.
    """
    from torch import nn
    from torch.nn.functional import normalize

    class CropNetwork(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body = nn.Sequential(
                nn.AvgPool2d(2),  # films are small: a crop holds no finer detail
                *_narrow(3, WIDTHS[0]),
                *_narrow(WIDTHS[0], WIDTHS[1]), _keep(WIDTHS[1]),
                *_narrow(WIDTHS[1], WIDTHS[2]), _keep(WIDTHS[2]),
                nn.Conv2d(WIDTHS[2], LAST, 1, bias=False), nn.BatchNorm2d(LAST), nn.ReLU(),
                nn.Flatten(),
                nn.Linear(LAST * SIDE * SIDE, dim, bias=False), nn.BatchNorm1d(dim),
            )  # fmt: skip
            self.features = nn.ModuleList(nn.Linear(dim, size) for size in sizes)

        def forward(self, crops: "torch.Tensor") -> "torch.Tensor":
            vectors: torch.Tensor = normalize(self.body((crops - MEAN) / SPREAD), dim=1)
            return vectors

        def tell(self, crops: "torch.Tensor") -> tuple["torch.Tensor", list["torch.Tensor"]]:
            told = self.body((crops - MEAN) / SPREAD)
            return normalize(told, dim=1), [feature(told) for feature in self.features]

    return CropNetwork()


def _narrow(inner: int, outer: int) -> list[Any]:
    from torch import nn

    return [
        nn.Conv2d(inner, outer, 3, 2, 1, bias=False), nn.BatchNorm2d(outer), nn.ReLU(),
    ]  # fmt: skip


def _keep(width: int) -> Any:
    from torch import nn

    class Residue(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = nn.Sequential(
                nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(),
                nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width),
            )  # fmt: skip

        def forward(self, seen: "torch.Tensor") -> "torch.Tensor":
            shown: torch.Tensor = (seen + self.inner(seen)).relu()
            return shown

    return Residue()
