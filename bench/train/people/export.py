"""Writes trained networks as ONNX files that the product runs without torch, and their cards.

Knows nothing of how they were trained.
"""

import json
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.train.error import TrainingError
from bench.train.export import MOST_BYTES
from bench.train.people.action_lesson import AROUND, CROP_PX
from bench.train.people.detector_design import CLASSES, FIRST_THING, HEIGHT, WIDTH
from bench.train.people.reading import build_reader
from bench.world.words import ACTIONS

DETECTOR_OUTPUTS = ("boxes", "scores", "labels", "face_boxes", "face_scores")
OPSET = 17


def export_detector(file: Path, network: Any, score: float, face_score: float) -> None:
    """Write the detector with its reading, as `analyzers/detectors/onnx.py` takes it.

    Args:
        file: to be written.
        network: with trained weights.
        score: from which on a person or thing is believed.
        face_score: from which on a face is.

    Raises:
        TrainingError: the file takes more than MOST_BYTES.
    """
    import torch

    names = ["coco/person", *(f"world/{kind}" for kind in CLASSES[FIRST_THING:])]
    said = {
        "names": json.dumps(names), "score": f"{score:.3f}", "face_score": f"{face_score:.3f}",
        "mean": "0", "std": "1", "letterbox": "true",
    }  # fmt: skip
    picture = torch.zeros(1, 3, HEIGHT, WIDTH)
    _write(file, build_reader(network).eval(), picture, DETECTOR_OUTPUTS, said)


def export_embedder(file: Path, network: Any, gate: float) -> None:
    """Write the face embedding: aligned crops (n, 3, 112, 112), RGB, 0 to 255, to unit vectors.

    The metadata hold `gate`: the cosine from which on faces are one person's.

    Raises:
        TrainingError: the file takes more than MOST_BYTES.
    """
    import torch

    _write(
        file,
        network.eval(),
        torch.zeros(2, 3, CROP_PX, CROP_PX),
        ("vector",),
        {"gate": f"{gate:g}"},
    )


def export_actions(file: Path, network: Any, score: float) -> None:
    """Write the action head: crops (n, 3, 112, 112), RGB, 0 to 255, to `scores` (n, actions).

    Each score is of its own, from 0 to 1. The metadata hold `names` of the actions, the `score`
    from which on one is believed, and `around`: a crop is the square around the middle of a
    person's box with a side so many times the box's longer side.

    Raises:
        TrainingError: the file takes more than MOST_BYTES.
    """
    import torch

    class Head(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, crops: torch.Tensor) -> torch.Tensor:
            _, (logits,) = self.network.tell(crops)
            scores: torch.Tensor = logits.sigmoid()
            return scores

    said = {
        "names": json.dumps([f"action/{name}" for name in ACTIONS]), "score": f"{score:.3f}",
        "around": f"{AROUND:g}", "mean": "0", "std": "1",
    }  # fmt: skip
    _write(file, Head().eval(), torch.zeros(2, 3, CROP_PX, CROP_PX), ("scores",), said)


def _write(
    file: Path, model: Any, example: Any, outputs: Sequence[str], said: Mapping[str, str]
) -> None:
    """Trace and write; any number of pictures may be given at once."""
    import onnx
    import torch

    file.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch would rather have its other exporter used
        torch.onnx.export(
            model.to("cpu").float(), (example,), str(file), dynamo=False, opset_version=OPSET,
            input_names=["pictures"], output_names=list(outputs),
            dynamic_axes={name: {0: "n"} for name in ("pictures", *outputs)},
        )  # fmt: skip
    made = onnx.load(str(file))
    onnx.helper.set_model_props(made, dict(said))
    onnx.checker.check_model(made)
    onnx.save(made, str(file))
    if file.stat().st_size >= MOST_BYTES:
        raise TrainingError(f"{file} takes {file.stat().st_size} bytes, not under {MOST_BYTES}")
