"""Detectors: known ones by name, others by path.

A spec is the name of a model (`d-fine-small`, `world-people`), `FOLDER` with a model of
transformers, or `FILE.onnx`, after which may stand how it is used, where that is not usual:
`FILE.onnx,score=0.6` (`words.py` has them all). `score=` may also stand behind a name or folder.
"""

from pathlib import Path

from analyzers.checkpoint import find_shipped_onnx
from analyzers.detector import Detector
from analyzers.detectors.words import parse_words
from analyzers.error import SettingsError
from analyzers.profiles import MODELS, Job, find_model, suggest

SUFFIX = ".onnx"


def make_detector(spec: str, device: str = "cpu") -> Detector:
    """The detector that `spec` names; `device` is `cpu` or `cuda`.

    Raises:
        SettingsError: it names none, or says of it what cannot be.
    """
    name, *rest = spec.split(",")
    words = parse_words(spec, rest)
    known = find_model(name)
    is_known = known is not None and known.job == Job.FIND_OBJECTS
    is_shipped = is_known and known is not None and known.is_shipped
    if is_shipped or name.endswith(SUFFIX):
        from analyzers.detectors.onnx import OnnxDetector

        file = find_shipped_onnx(name) if is_shipped else Path(name)
        return OnnxDetector(file, words, device=device)
    if is_known or Path(name).is_dir():
        from analyzers.detectors.transformers import TransformersDetector

        if words.names is not None or set(words.said) - {"score"}:
            raise SettingsError(f"--detector {spec}: behind {name} only score=NUMBER may stand")
        return TransformersDetector(name, min_score=words.said.get("score"), device=device)
    names = [model.name for model in MODELS if model.job == Job.FIND_OBJECTS]
    raise SettingsError(
        f"--detector {spec}: no folder and no model is named {name!r}{suggest(name, names)}, "
        "or FILE.onnx"
    )
