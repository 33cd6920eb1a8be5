"""Face detectors: YuNet and that of the made world, each by name or by path.

A spec is `yunet`, `FILE.onnx` (a YuNet), `world-people` (it lies in this package), or
`world:FILE.onnx`, a detector of the made world as `shotseek bench train detector` writes it.
"""

from pathlib import Path

from analyzers.checkpoint import find_shipped_onnx
from analyzers.error import SettingsError
from analyzers.face_detector import SUFFIX, FaceDetector, YunetDetector
from analyzers.profiles import WORLD_PEOPLE

WORLD = "world:"


def make_face_detector(spec: str) -> FaceDetector:
    """The face detector that `spec` names.

    Raises:
        SettingsError: it names none.
    """
    if spec != WORLD_PEOPLE and not spec.startswith(WORLD):
        return YunetDetector(spec)
    from analyzers.face_detectors.world import WorldFaceDetector

    if spec == WORLD_PEOPLE:
        return WorldFaceDetector(find_shipped_onnx(spec))
    name = spec.removeprefix(WORLD)
    if not name.endswith(SUFFIX):
        raise SettingsError(f"--face-detector {spec}: give the path of an ONNX file after {WORLD}")
    return WorldFaceDetector(Path(name))
