"""Models of actions, by name or by file.

A spec is

    prompts, prompts:FILE       any text-image encoder beside a list of actions: those of
                                Kinetics-400, or one in each line of a file
    world-actions, FILE.onnx    a network for single crops, see `crop_head.py`
    s3d, mvit-v2-s              torchvision's, for 16 pictures together: 400 actions of Kinetics;
                                with `:FILE`, its weights from a file

Knows nothing of how actions become findings.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from analyzers.action_model import ActionModel
from analyzers.checkpoint import find_shipped
from analyzers.error import SettingsError
from analyzers.profiles import WORLD_ACTIONS, suggest

if TYPE_CHECKING:
    from analyzers.encoder import Encoder

PROMPTS = "prompts"
CLIP_MODELS = ("s3d", "mvit-v2-s")
SUFFIX = ".onnx"


def make_action_model(spec: str, encoder: "Encoder", device: str = "cpu") -> ActionModel:
    """The model of a spec.

    Args:
        spec: see above.
        encoder: what `prompts` compares pictures and words with.
        device: `cpu` or `cuda`.

    Raises:
        SettingsError: it names none.
    """
    name, _, file = spec.partition(":")
    path = Path(file) if file else None
    if name == PROMPTS:
        from analyzers.action_models.prompts import PromptedActions

        return PromptedActions(encoder, path)
    if name in CLIP_MODELS:
        from analyzers.action_models.kinetics import KineticsModel

        return KineticsModel(name, path, device=device)
    if spec == WORLD_ACTIONS or spec.endswith(SUFFIX):
        from analyzers.action_models.crop_head import CropHead

        shipped = spec == WORLD_ACTIONS
        return CropHead(find_shipped(spec) / f"{spec}{SUFFIX}" if shipped else Path(spec), device)
    known = (PROMPTS, *CLIP_MODELS, WORLD_ACTIONS)
    raise SettingsError(f"no model of actions {spec!r}{suggest(spec, known)}")
