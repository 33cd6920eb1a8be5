"""torchvision's video models for the 400 actions of Kinetics: S3D and MViTv2-S.

Shown 16 pictures of one person, as many as there are, spread evenly. Weights come from a file or,
once, from where torchvision keeps them.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analyzers.action_model import CropForm, Pixels, SeenPerson
from analyzers.error import ModelUnavailable, SettingsError
from analyzers.models import hash_file

PICTURES = 16
BATCH = 4
VOCABULARY = "kinetics400"
LEAST = 0.1  # of a share of 1 among 400


def list_kinetics() -> tuple[str, ...]:
    """The 400 actions of Kinetics-400, as torchvision's weights list them."""
    from torchvision.models.video import S3D_Weights

    return tuple(S3D_Weights.KINETICS400_V1.meta["categories"])


class KineticsModel:
    """A clip of one person to shares of 400 actions that sum to 1.

    Args:
        model: `s3d` or `mvit-v2-s`.
        file: a state dict of torchvision's model; None for torchvision's own weights.
        device: `cpu` or `cuda`.
    """

    window = PICTURES
    wants_whole = False
    least = LEAST
    crop = CropForm(256)

    def __init__(self, model: str, file: Path | None = None, *, device: str = "cpu") -> None:
        self._model, self._file, self._device = model, file, device

    @property
    def name(self) -> str:
        """The model, and 8 digits of the file's SHA-256."""
        if self._file is None:
            return f"{self._model} {self._weights}"
        if not self._file.is_file():
            raise SettingsError(f"{self._file}: no such file; give the weights of {self._model}")
        return f"{self._model}.{hash_file(self._file)[:8]}"

    @property
    def names(self) -> tuple[str, ...]:
        """`kinetics400/juggling balls`."""
        return tuple(f"{VOCABULARY}/{one}" for one in list_kinetics())

    def ensure_available(self) -> None:
        """Load the weights; errors as in `ActionModel`."""
        _ = self.name, self._network

    def tell(self, windows: Sequence[Sequence[SeenPerson]]) -> NDArray[np.float32]:
        """(n, 400)."""
        import torch

        told = [np.zeros((0, len(self.names)), np.float32)]
        for start in range(0, len(windows), BATCH):
            some = np.stack([_spread(one) for one in windows[start : start + BATCH]])
            with torch.inference_mode():
                clips = torch.from_numpy(some).permute(0, 1, 4, 2, 3)
                fitted = self._weights.transforms()(clips).to(self._device)
                told.append(self._network(fitted).softmax(1).float().cpu().numpy())
        return np.concatenate(told)

    @property
    def _weights(self) -> Any:
        from torchvision.models import video

        of = {"s3d": video.S3D_Weights, "mvit-v2-s": video.MViT_V2_S_Weights}
        return of[self._model].KINETICS400_V1

    @cached_property
    def _network(self) -> Any:
        from torchvision.models import video

        network = {"s3d": video.s3d, "mvit-v2-s": video.mvit_v2_s}[self._model]()
        try:
            network.load_state_dict(self._read_weights())
        except (RuntimeError, OSError, ValueError, EOFError, KeyError, UnpicklingError) as error:
            first = (str(error).splitlines() or [type(error).__name__])[0]
            raise ModelUnavailable(
                f"{self._file or self._weights.url}: no weights of {self._model}: {first}; give a "
                f"file: --action-model {self._model}:FILE"
            ) from error
        return network.eval().to(self._device)

    def _read_weights(self) -> Any:
        import torch

        if self._file is None:
            return self._weights.get_state_dict(check_hash=True)
        return torch.load(self._file, map_location="cpu", weights_only=True)


def _spread(window: Sequence[SeenPerson]) -> NDArray[np.uint8]:
    """(16, px, px, 3): all of them evenly, some twice where there are fewer."""
    at = np.linspace(0, len(window) - 1, PICTURES).round().astype(int)
    crops: list[Pixels] = [window[place].crop for place in at.tolist()]
    return np.stack(crops)
