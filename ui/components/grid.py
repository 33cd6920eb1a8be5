"""The grid of hits, by rank or grouped by video.

Knows nothing of searching: it shows tiles in the order given, and fetches only pictures in view.
"""

from collections.abc import Sequence

from ui.components.tile import GridEvent, Tile, show_tiles


def show_grid(
    tiles: Sequence[Tile], *, grouped: bool, selected: str | None, key: str
) -> GridEvent | None:
    """Show tiles as a grid and return what was done since the last run.

    Args:
        tiles: in the order of rank; hits of one video stand together only if `grouped`.
        grouped: a heading per video, videos in the order of their best hit.
        selected: id of the tile that is marked and once scrolled into view; None marks none.
        key: unique in the app; the same key keeps pictures, focus and scroll between runs.
    """
    return show_tiles("grid", tiles, {"grouped": grouped, "selected": selected}, key)
