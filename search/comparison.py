"""Comparing columns with a value. Knows no column."""

import operator
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Comparator = Literal["=", "<", "<=", ">", ">="]

_TESTS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compare(values: NDArray[Any], op: Comparator, value: float) -> NDArray[np.bool_]:
    """Which values stand so to `value`."""
    return np.asarray(_TESTS[op](values, value), bool)


def compare_span(
    values: NDArray[np.int64], op: Comparator, first: int, end: int
) -> NDArray[np.bool_]:
    """Which values stand so to the half-open span [first, end): `=` lies in it, `<` before it."""
    if op == "=":
        return (values >= first) & (values < end)
    return compare(values, op, first if op in ("<", ">=") else end - 1)
