"""Writes a trained encoder as a folder that open_clip loads by `local-dir:`, with its model card.

The folder also says to the product between which cosines the vectors tell something and that every
word it was trained on is one piece of its vocabulary. Knows nothing of how it was trained.
"""

import json
from pathlib import Path
from typing import Any

from bench.train.design import MEAN, SPREAD, Design
from bench.train.error import TrainingError
from bench.train.figures import Ranges
from bench.train.tokens import Tokens

CONFIG, WEIGHTS = "open_clip_config.json", "open_clip_model.safetensors"
MOST_BYTES = 6_000_000  # of a file


def export_encoder(
    folder: Path, model: Any, design: Design, tokens: Tokens, ranges: Ranges, card: str
) -> None:
    """Write configuration, weights in float16, vocabulary and model card.

    Raises:
        TrainingError: the weights take more than MOST_BYTES.
    """
    folder.mkdir(parents=True, exist_ok=True)
    whole = {
        "model_cfg": design.describe(len(tokens), tokens.end_id),
        "preprocess_cfg": {
            "mean": [MEAN] * 3,
            "std": [SPREAD] * 3,
            "interpolation": "bicubic",
            "resize_mode": "squash",
        },
        "shotseek": {
            "text_range": list(ranges.text),
            "image_range": list(ranges.picture),
            "whole_words": True,
        },
    }
    (folder / CONFIG).write_text(json.dumps(whole, indent=2) + "\n", encoding="utf-8")
    tokens.write(folder)
    _write_weights(folder / WEIGHTS, model)
    (folder / "README.md").write_text(card, encoding="utf-8")


def _write_weights(file: Path, model: Any) -> None:
    import torch
    from safetensors.torch import save

    weights = {
        name: (value.half() if value.is_floating_point() else value).cpu().contiguous()
        for name, value in model.state_dict().items()
    }
    if not all(bool(torch.isfinite(value).all()) for value in weights.values()):
        raise TrainingError("a weight is too large for float16, or no number at all")
    file.write_bytes(save(weights, {"format": "pt"}))
    if file.stat().st_size >= MOST_BYTES:
        raise TrainingError(f"{file} takes {file.stat().st_size} bytes, not under {MOST_BYTES}")
