"""The detector of the made world: one small network that finds persons, faces and things at once.

A backbone of timm, whose first weights are those of the shipped text-image encoder's picture tower,
a top-down pyramid, and one head with a cell for every 8 x 8 px. Each cell says how sure it is to
be the middle of a person, a face or a thing of some kind, how far the four sides are for each of
the three groups, and which way a face looks. Zhou et al., "Objects as Points", 2019. Knows nothing
of training.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bench.world.words import KINDS

if TYPE_CHECKING:
    import torch

WIDTH, HEIGHT = 320, 192  # px of the input; a frame of 16 : 9 is padded below
STRIDE = 8
COLUMNS, ROWS = WIDTH // STRIDE, HEIGHT // STRIDE
PERSON, FACE, FIRST_THING = 0, 1, 2
CLASSES = ("person", "face", *KINDS)
GROUPS = 3  # persons, faces, things: each has boxes of its own
TOWER = "regnetx_002"
LAST_BLOCKS = 2  # of the tower's last stage, which has 7
NECK = 64
MEAN, SPREAD = 127.5, 63.75  # of pixels, as the tower learned them
RARE = -4.6  # first logit of every class: about one cell in a hundred


def group_of(number: int) -> int:
    """Whose boxes a class has."""
    return min(number, FIRST_THING)


def build_detector(*, pretrained: bool = True) -> "torch.nn.Module":
    """The network: (n, 3, 192, 320) RGB, 0 to 255, to (n, 67, 24, 40).

    Channels: a logit for each of `CLASSES`, logs of the distances to left, top, right and bottom
    in cells for each group, and which way a face looks.
    """
    import torch
    from torch import nn
    from torch.nn.functional import interpolate

    class Detector(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.tower = _build_tower(pretrained=pretrained)
            self.lateral = nn.ModuleList(nn.Conv2d(width, NECK, 1) for width in (56, 152, 368))
            self.smooth = nn.ModuleList(_convolve(NECK, NECK) for _ in range(3))
            self.shared = _convolve(NECK, NECK)
            self.logits = nn.Conv2d(NECK, len(CLASSES), 1)
            self.sides = nn.Sequential(_convolve(NECK, NECK), nn.Conv2d(NECK, 4 * GROUPS + 1, 1))
            nn.init.constant_(self.logits.bias, RARE)  # type: ignore[arg-type]

        def forward(self, pictures: "torch.Tensor") -> "torch.Tensor":
            levels = self.tower((pictures - MEAN) / SPREAD)
            above = None
            for level, lateral, smooth in zip(
                levels[::-1], list(self.lateral)[::-1], list(self.smooth)[::-1], strict=True
            ):
                seen = lateral(level)
                if above is not None:
                    seen = seen + interpolate(above, scale_factor=2.0, mode="nearest")
                above = smooth(seen)
            shared = self.shared(above)
            return torch.cat([self.logits(shared), self.sides(shared)], dim=1)

    return Detector()


def _convolve(inner: int, outer: int) -> Any:
    from torch import nn

    return nn.Sequential(
        nn.Conv2d(inner, outer, 3, padding=1, bias=False), nn.BatchNorm2d(outer), nn.ReLU()
    )


def _build_tower(*, pretrained: bool) -> Any:
    """The picture tower without most of its last stage: maps of strides 8, 16 and 32."""
    from timm import create_model
    from torch import nn

    whole: Any = create_model(TOWER, pretrained=False, num_classes=0)
    if pretrained:
        whole.load_state_dict(_read_tower(), strict=False)

    class Tower(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.stem, self.s1, self.s2, self.s3 = whole.stem, whole.s1, whole.s2, whole.s3
            self.s4 = nn.Sequential(*list(whole.s4.children())[:LAST_BLOCKS])

        def forward(self, pictures: "torch.Tensor") -> Sequence["torch.Tensor"]:
            eighth = self.s2(self.s1(self.stem(pictures)))
            sixteenth = self.s3(eighth)
            return [eighth, sixteenth, self.s4(sixteenth)]

    return Tower()


def _read_tower() -> dict[str, "torch.Tensor"]:
    """The weights of the shipped encoder's picture tower."""
    from safetensors.torch import load_file

    from analyzers.checkpoint import find_shipped

    prefix = "visual.trunk."
    weights = load_file(find_shipped("world") / "open_clip_model.safetensors")
    return {
        name.removeprefix(prefix): value.float()
        for name, value in weights.items()
        if name.startswith(prefix) and "head" not in name
    }
