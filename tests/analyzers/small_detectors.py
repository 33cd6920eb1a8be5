"""Small detectors for tests: without weights, tiny ones of transformers, ONNX files made here."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analyzers.detector import Detections, collect_detections
from analyzers.detectors.vocabulary import COCO_NAMES

INPUT_PX = (64, 32)  # width and height of the ONNX files' input
LABELS = {
    "id2label": dict(enumerate(COCO_NAMES)),
    "label2id": {name: number for number, name in enumerate(COCO_NAMES)},
}


class LightSides:
    """Takes what is light in either half of a picture for a person, or a car if it is red."""

    name = "light-sides"
    names = ("coco/person", "coco/car")

    def ensure_available(self) -> None:
        """Nothing is needed."""

    def detect(self, pictures: Sequence[NDArray[np.uint8]]) -> list[Detections]:
        """At most two in a picture."""
        return [self._detect(picture) for picture in pictures]

    def _detect(self, picture: NDArray[np.uint8]) -> Detections:
        height, width = picture.shape[:2]
        boxes, scores, classes = [], [], []
        for left, right in ((0, width // 2), (width // 2, width)):
            light = picture[:, left:right].max(axis=2, initial=0) > 150
            rows, columns = np.nonzero(light)
            if len(rows):
                x0, x1 = (columns.min() + left) / width, (columns.max() + 1 + left) / width
                boxes.append((x0, rows.min() / height, x1, (rows.max() + 1) / height))
                scores.append(0.5 + 0.4 * light.mean())
                red, _, blue = picture[:, left:right][light].mean(axis=0)
                classes.append(int(red > 1.5 * blue))
        return collect_detections(np.array(boxes), np.array(scores), np.array(classes, int), 0.5)


def save_d_fine(folder: Path) -> Path:
    """A D-FINE of 117,100 random weights with COCO's classes, as transformers lays it."""
    import torch
    from transformers import AutoConfig, DFineConfig, DFineForObjectDetection

    backbone = AutoConfig.for_model(
        "hgnet_v2",
        stem_channels=[3, 8, 8],
        hidden_sizes=[16] * 4,
        depths=[1] * 4,
        stage_in_channels=[8, 16, 16, 16],
        stage_mid_channels=[8] * 4,
        stage_out_channels=[16] * 4,
        stage_num_blocks=[1] * 4,
        stage_numb_of_layers=[1] * 4,
        out_indices=[2, 3, 4],
    )
    with torch.random.fork_rng():
        torch.manual_seed(7)
        config = DFineConfig(
            backbone_config=backbone, encoder_in_channels=[16] * 3, depth_mult=0.34, **_small()
        )
        return _save(DFineForObjectDetection(config), folder)


def save_rt_detr(folder: Path) -> Path:
    """The like with RT-DETR."""
    import torch
    from transformers import RTDetrConfig, RTDetrForObjectDetection, RTDetrResNetConfig

    backbone = RTDetrResNetConfig(
        embedding_size=8,
        hidden_sizes=[8, 16, 16, 16],
        depths=[1] * 4,
        layer_type="basic",
        out_features=["stage2", "stage3", "stage4"],
    )
    with torch.random.fork_rng():
        torch.manual_seed(8)
        config = RTDetrConfig(backbone_config=backbone, encoder_in_channels=[16] * 3, **_small())
        return _save(RTDetrForObjectDetection(config), folder)


def _small() -> dict[str, Any]:
    return {
        **dict.fromkeys(("encoder_hidden_dim", "encoder_ffn_dim", "d_model"), 32),
        **dict.fromkeys(("encoder_attention_heads", "decoder_attention_heads"), 2),
        "decoder_in_channels": [32] * 3,
        "decoder_ffn_dim": 32,
        "decoder_layers": 2,
        "num_queries": 30,
        "num_denoising": 0,
        "hidden_expansion": 0.5,
        **LABELS,
    }


def _save(model: Any, folder: Path) -> Path:
    from transformers import RTDetrImageProcessor

    model.save_pretrained(folder)
    RTDetrImageProcessor(size={"height": 128, "width": 128}).save_pretrained(folder)
    return folder


def save_answers(
    file: Path,
    answers: Mapping[str, NDArray[np.generic]],
    *,
    names: Sequence[str] = (),
    metadata: Mapping[str, str] | None = None,
) -> Path:
    """An ONNX file that takes (1, 3, 32, 64) and always answers the same."""
    import onnx
    from onnx import helper, numpy_helper

    nodes, outputs = [], []
    for name, held in answers.items():
        constant = numpy_helper.from_array(np.ascontiguousarray(held), name)
        nodes.append(helper.make_node("Constant", [], [name], value=constant))
        kind = helper.np_dtype_to_tensor_dtype(held.dtype)
        outputs.append(helper.make_tensor_value_info(name, kind, held.shape))
    taken = helper.make_tensor_value_info(
        "images", onnx.TensorProto.FLOAT, (1, 3, INPUT_PX[1], INPUT_PX[0])
    )
    graph = helper.make_graph(nodes, "answers", [taken], outputs)
    return _write(file, graph, names, metadata or {})


def save_reddest(file: Path, *, metadata: Mapping[str, str] | None = None) -> Path:
    """An ONNX file for pictures of any number and size: a whole box, as sure as channel 0 is."""
    import onnx
    from onnx import helper, numpy_helper

    picture = ("n", 3, "height", "width")
    box = numpy_helper.from_array(np.array([[[0, 0, 1, 1]]], np.float32), "box")
    nodes = [
        helper.make_node("Split", ["images"], ["first", "second", "third"], axis=1, num_outputs=3),
        helper.make_node("ReduceMean", ["first", "axes"], ["scores"], keepdims=0),
        helper.make_node("Mul", ["scores", "zero"], ["nothing"]),
        helper.make_node("Cast", ["nothing"], ["labels"], to=onnx.TensorProto.INT64),
        helper.make_node("Unsqueeze", ["nothing", "last"], ["flat"]),
        helper.make_node("Add", ["flat", "box"], ["boxes"]),
    ]
    held = [
        box,
        numpy_helper.from_array(np.array([2, 3], np.int64), "axes"),
        numpy_helper.from_array(np.array([2], np.int64), "last"),
        numpy_helper.from_array(np.array(0, np.float32), "zero"),
    ]
    outputs = [
        helper.make_tensor_value_info("boxes", onnx.TensorProto.FLOAT, ("n", 1, 4)),
        helper.make_tensor_value_info("scores", onnx.TensorProto.FLOAT, ("n", 1)),
        helper.make_tensor_value_info("labels", onnx.TensorProto.INT64, ("n", 1)),
    ]
    taken = helper.make_tensor_value_info("images", onnx.TensorProto.FLOAT, picture)
    graph = helper.make_graph(nodes, "reddest", [taken], outputs, held)
    return _write(file, graph, ["person"], metadata or {})


def _write(file: Path, graph: Any, names: Sequence[str], metadata: Mapping[str, str]) -> Path:
    import onnx
    from onnx import helper

    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    said = {**({"names": json.dumps(list(names))} if names else {}), **metadata}
    helper.set_model_props(model, dict(said))
    onnx.checker.check_model(model)
    onnx.save(model, file)
    return file
