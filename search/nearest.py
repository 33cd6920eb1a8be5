"""Finds the name that people meant where they wrote another. Case makes no difference."""

import difflib
from collections.abc import Iterable


def find_nearest(text: str, names: Iterable[str], *, cutoff: float = 0.0) -> str | None:
    """The name most like a text; None without names, or if none is like it by the cutoff (0-1)."""
    folded = {name.casefold(): name for name in names}
    near = difflib.get_close_matches(text.casefold(), folded, 1, cutoff)
    return folded[near[0]] if near else None
