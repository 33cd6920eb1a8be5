"""Where the models run. Wakes torch only where the driver of an NVIDIA device is seen."""

import shutil
from pathlib import Path

from analyzers.error import SettingsError

DEVICES = ("auto", "cpu", "cuda")


def pick_device(asked: str) -> str:
    """Turn `auto`, `cpu` or `cuda` into `cpu` or `cuda`.

    Raises:
        SettingsError: another word, or `cuda` where no such device can be used.
    """
    if asked not in DEVICES:
        raise SettingsError(f"--device {asked}: choose one of {', '.join(DEVICES)}")
    if asked == "cpu":
        return "cpu"
    if _has_driver() and _torch_sees_cuda():
        return "cuda"
    if asked == "cuda":
        raise SettingsError("--device cuda: no CUDA device can be used here; take --device cpu")
    return "cpu"


def _has_driver() -> bool:
    """Whether a driver is there; /dev/dxg is how it shows in WSL."""
    nodes = (Path("/dev/nvidiactl"), Path("/dev/dxg"))
    return any(node.exists() for node in nodes) or shutil.which("nvidia-smi") is not None


def _torch_sees_cuda() -> bool:
    try:
        import torch
    except ImportError:
        return False
    return torch.cuda.is_available()
