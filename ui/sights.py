"""What a reason tells of places in the picture: boxes, and when. Knows no Streamlit, no API.

Every evidence that is called `box`, or ends in `_box`, is one: a new kind needs no change.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from search.hits import Why
from ui.plain import clean

Box: TypeAlias = tuple[float, float, float, float]
NAMED = "_box"
LONGEST = 40  # characters of a label


@dataclass(frozen=True)
class Sight:
    """One box on the picture of a moment."""

    label: str
    box: Box
    time_ms: int | None = None  # None where the reason does not say
    interpolated: bool = False  # reckoned from the pictures before and after


def find_sights(why: Why) -> tuple[Sight, ...]:
    """The boxes that a reason tells, in its order; only those of what holds at the hit."""
    return tuple(_find(why))


def _find(why: Why) -> Iterator[Sight]:
    if not (why.match and why.known):
        return
    told = why.model_extra or {}
    for name, value in told.items():
        box = _read_box(value)
        if box is not None and (name == "box" or name.endswith(NAMED)):
            part = name.removesuffix("box").removesuffix("_")
            yield Sight(
                clean(_label(told, part), LONGEST),
                box,
                _read_time(told.get("time_ms")),
                told.get(f"{part}_interpolated" if part else "interpolated") is True,
            )
    if why.kind != "not":
        for child in why.children:
            yield from _find(child)


def _label(told: dict[str, Any], part: str) -> str:
    """What is in the box; of WHO: ACTION the half that the part is of."""
    asked = str(told.get("asked") or "")
    who, _, action = asked.partition(": ")
    halves = {"face": who, "action": action} if action else {}
    return halves.get(part) or part.replace("_", " ") or asked


def _read_box(value: object) -> Box | None:
    if not isinstance(value, list | tuple) or len(value) != 4:
        return None
    if not all(isinstance(side, int | float) and not isinstance(side, bool) for side in value):
        return None
    left, top, right, bottom = map(float, value)
    return (left, top, right, bottom) if left < right and top < bottom else None


def _read_time(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) and value >= 0 else None
