"""Face embedders: SFace and that of the made world by name, any other of ONNX or ncnn by path.

A spec is `sface`, `sface:FILE.onnx`, `world-faces`, `FILE.onnx` or `FILE.param` (ncnn, with
FILE.bin beside it).
After a path may stand how its pixels are prepared, where that is not usual for the format:
`FILE.onnx,mean=0,std=1,bgr`. ArcFace models of insightface are `FILE.onnx` as it is: most of their
weights are for research only, so none is known by name.
"""

from dataclasses import replace
from pathlib import Path

from analyzers.checkpoint import find_shipped_onnx
from analyzers.error import SettingsError
from analyzers.face_embedder import FaceEmbedder, Preparation
from analyzers.profiles import SFACE, WORLD_FACES


def make_face_embedder(spec: str, device: str = "cpu") -> FaceEmbedder:
    """The embedder that `spec` names; `device` is `cpu` or `cuda`.

    Raises:
        SettingsError: it names none.
    """
    if spec == SFACE or spec.startswith(f"{SFACE}:"):
        from analyzers.face_embedders.sface import SFaceEmbedder

        return SFaceEmbedder(spec.removeprefix(f"{SFACE}:"), device=device)
    if spec == WORLD_FACES:
        from analyzers.face_embedders.onnx import OnnxFaceEmbedder

        return OnnxFaceEmbedder(find_shipped_onnx(WORLD_FACES), Preparation(), device=device)
    name, *words = spec.split(",")
    if name.endswith(".onnx"):
        from analyzers.face_embedders.onnx import USUAL, OnnxFaceEmbedder

        return OnnxFaceEmbedder(Path(name), _prepare(spec, words, USUAL), device=device)
    if name.endswith(".param"):
        from analyzers.face_embedders.ncnn import NcnnFaceEmbedder

        return NcnnFaceEmbedder(Path(name), _prepare(spec, words, Preparation()))
    raise SettingsError(
        f"--face-embedder {spec}: give {SFACE}, {SFACE}:FILE.onnx, {WORLD_FACES}, FILE.onnx "
        "or FILE.param"
    )


def _prepare(spec: str, words: list[str], usual: Preparation) -> Preparation:
    prepared = usual
    for word in words:
        key, _, value = word.partition("=")
        try:
            if word == "bgr":
                prepared = replace(prepared, bgr=True)
            elif key == "mean":
                prepared = replace(prepared, mean=float(value))
            elif key == "std" and float(value) > 0:
                prepared = replace(prepared, std=float(value))
            else:
                raise ValueError(word)
        except ValueError:
            raise SettingsError(
                f"--face-embedder {spec}: {word!r} is none of mean=NUMBER, std=NUMBER above 0, bgr"
            ) from None
    return prepared
