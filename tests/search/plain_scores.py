"""How scores are computed and expressions read, in plain arithmetic; `oracle.py` counts with it."""

import math
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from fnmatch import fnmatchcase
from typing import Any

Node = dict[str, Any]
OPS: dict[str, Callable[[float, float], bool]] = {
    "=": lambda a, b: a == b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def dot(one: Sequence[float], other: Sequence[float]) -> float:
    return math.fsum(a * b for a, b in zip(one, other, strict=True))


def can_be_false(node: Node) -> bool:
    kind = node["kind"]
    if kind in ("text", "image", "shot"):
        return False
    if kind == "all_of":
        return any(map(can_be_false, node["children"]))
    if kind in ("any_of", "weighted_sum"):
        return all(map(can_be_false, node["children"]))
    return can_be_false(node["child"]) if kind == "not" else True


def mix(pairs: list[tuple[float, float]], by: str) -> float:
    whole = sum(weight for _, weight in pairs)
    if by == "minimum":
        return min(score for score, _ in pairs)
    if by == "product":
        return math.prod(score ** (weight / whole) for score, weight in pairs)
    return sum(score * weight for score, weight in pairs) / whole


def fuse(scores: list[float], fusion: str) -> float:
    if fusion == "distance":
        product = 1.0
        for score in scores:
            product *= 1 - score
        return 1 - product
    if fusion == "similarity":
        return math.prod(scores)
    return 0.0 if 0.0 in scores else len(scores) / sum(1 / score for score in scores)


def bm25(count: int, holding: int, documents: int, length: int, mean: float) -> float:
    rare = math.log(1 + (documents - holding + 0.5) / (holding + 0.5))
    return rare * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * length / mean))


def parts_of(expression: str) -> list[list[str]]:
    """`a "b c" d*` to [[a], [b, c], [d*]]."""
    parts = []
    for number, piece in enumerate(expression.split('"')):
        parts += [piece.split()] if number % 2 else [[word] for word in piece.split()]
    return parts


def occurrences(part: list[str], words: list[str]) -> int:
    windows = (words[start : start + len(part)] for start in range(len(words) - len(part) + 1))
    return sum(all(map(fnmatchcase, window, part)) for window in windows)


def date_holds(date_ms: int, op: str, text: str) -> bool:
    """Whether a moment lies so to a year, a month or a day."""
    day = date(1970, 1, 1) + timedelta(days=date_ms // 86_400_000)
    written = tuple(int(part) for part in text.split("-"))
    return OPS[op]((day.year, day.month, day.day)[: len(written)], written)  # type: ignore[arg-type]
