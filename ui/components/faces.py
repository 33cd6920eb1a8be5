"""Faces side by side, some of which can be chosen to do something with.

Knows nothing of persons: it shows tiles in the order given, and fetches only pictures in view.
"""

from collections.abc import Sequence

from ui.components.tile import GridEvent, Tile, show_tiles


def show_faces(tiles: Sequence[Tile], *, key: str) -> GridEvent | None:
    """Show tiles as square pictures and return what was done since the last run.

    Args:
        tiles: in the order they are shown.
        key: unique in the app; the same key keeps pictures, focus and scroll between runs.
    """
    return show_tiles("faces", tiles, {"selected": None}, key)
