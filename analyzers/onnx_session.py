"""Opens ONNX files on onnxruntime: the one door to it. Knows nothing of what a model is for."""

from pathlib import Path
from typing import Any

from analyzers.error import ModelUnavailable


def open_session(file: Path, device: str = "cpu") -> Any:
    """An `InferenceSession` of the file.

    Args:
        file: the model.
        device: `cuda` uses the GPU where onnxruntime has its CUDA provider, else the CPU.

    Raises:
        ModelUnavailable: it holds no model that can be loaded.
    """
    import onnxruntime

    wanted = ["CUDAExecutionProvider"] * (device == "cuda") + ["CPUExecutionProvider"]
    here = onnxruntime.get_available_providers()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # errors only
    try:
        return onnxruntime.InferenceSession(
            str(file), options, [one for one in wanted if one in here]
        )
    except Exception as error:  # of onnxruntime's own kinds, which share no base
        raise ModelUnavailable(f"{file} cannot be loaded: {first_line(error)}") from error


def first_line(error: Exception) -> str:
    """What an error of onnxruntime says, in one line."""
    lines = str(error).splitlines()
    return lines[0][:200] if lines else type(error).__name__
