"""The filmstrip: neighbouring shots in one row that scrolls sideways.

Knows nothing of videos: it shows the tiles given, and fetches only pictures in view.
"""

from collections.abc import Sequence

from ui.components.tile import GridEvent, Tile, show_tiles


def show_strip(tiles: Sequence[Tile], *, current: str | None, key: str) -> GridEvent | None:
    """Show tiles as a filmstrip and return what was done since the last run.

    Args:
        tiles: in the order of time.
        current: id of the tile that is marked and brought into the middle of the row.
        key: unique in the app; the same key keeps pictures, focus and scroll between runs.
    """
    return show_tiles("strip", tiles, {"selected": current}, key)
