"""The names of a detector's classes: COCO's eighty, and how other lists are read.

Knows nothing of models. A list of full names has a `/` in each; any other gets one vocabulary.
"""

import ast
import json
import re
from collections.abc import Sequence
from pathlib import Path

from analyzers.error import SettingsError

COCO = "coco"
# Lin et al., "Microsoft COCO: Common Objects in Context", 2014; numbered without the gaps.
COCO_NAMES = (
    *("person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat"),
    *("traffic light", "fire hydrant", "stop sign", "parking meter", "bench", "bird", "cat"),
    *("dog", "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe", "backpack"),
    *("umbrella", "handbag", "tie", "suitcase", "frisbee", "skis", "snowboard", "sports ball"),
    *("kite", "baseball bat", "baseball glove", "skateboard", "surfboard", "tennis racket"),
    *("bottle", "wine glass", "cup", "fork", "knife", "spoon", "bowl", "banana", "apple"),
    *("sandwich", "orange", "broccoli", "carrot", "hot dog", "pizza", "donut", "cake", "chair"),
    *("couch", "potted plant", "bed", "dining table", "toilet", "tv", "laptop", "mouse"),
    *("remote", "keyboard", "cell phone", "microwave", "oven", "toaster", "sink"),
    *("refrigerator", "book", "clock", "vase", "scissors", "teddy bear", "hair drier"),
    "toothbrush",
)


def name_fully(names: Sequence[str], vocabulary: str) -> tuple[str, ...]:
    """`vocabulary/name` of each class.

    Names that have a `/` each stay as they are; those of COCO, also where some are spelt otherwise
    (`aeroplane`, `tvmonitor`) or gaps are numbered, get `coco`; all others this vocabulary.
    """
    known = {name.casefold() for name in COCO_NAMES}
    if all("/" in name.strip("/") for name in names):
        return tuple(names)
    ends = (names[0].casefold(), names[-1].casefold())
    if len(names) == len(COCO_NAMES) and ends == (COCO_NAMES[0], COCO_NAMES[-1]):
        return tuple(f"{COCO}/{name}" for name in COCO_NAMES)
    is_coco = sum(name.casefold() in known for name in names) == len(COCO_NAMES)
    return tuple(f"{COCO if is_coco else vocabulary}/{name}" for name in names)


def clean_vocabulary(stem: str) -> str:
    """A vocabulary named as a file or folder is."""
    return re.sub(r"[^a-z0-9_.-]+", "-", stem.casefold()).strip("-.") or "objects"


def read_names(file: Path) -> tuple[str, ...]:
    """One name in each line of a text file, in the order of the classes.

    Raises:
        SettingsError: there is no such file, or it holds none.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"--detector: the names in {file} cannot be read: {error}") from error
    names = tuple(line.strip() for line in lines)
    while names and not names[-1]:
        names = names[:-1]
    if not names or not all(names):
        raise SettingsError(f"--detector: {file} has not a name in each line")
    return names


def parse_names(text: str) -> tuple[str, ...]:
    """The names in a model's metadata: a list, or a dict by class number, in JSON or Python.

    Returns:
        () where the text is neither.
    """
    for read in (json.loads, ast.literal_eval):
        try:
            held = read(text)
            if isinstance(held, dict):
                numbered = {int(number): str(name) for number, name in held.items()}
                held = [numbered[number] for number in range(len(numbered))]
            return tuple(map(str, held)) if isinstance(held, list | tuple) else ()
        except (ValueError, SyntaxError, KeyError, TypeError, RecursionError, MemoryError):
            continue
    return ()
