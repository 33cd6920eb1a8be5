"""What the page shows that Streamlit has no widget for: tiles, boxes, player, keyboard.

Each is a door that mounts one component and returns what the person did since the last run of the
script, or None. An event is returned in one run only: act on it, then `st.rerun()` if the screen
changes. Addresses of pictures and videos are absolute; the browser fetches them itself.

    show_grid(tiles, *, grouped, selected, key) -> GridEvent | None
    show_strip(tiles, *, current, key) -> GridEvent | None
    show_faces(tiles, *, key) -> GridEvent | None
    show_boxed(picture, boxes: Sequence[DrawnBox], *, title, key) -> None
    show_player(video: PlayerData, *, key) -> PlayerEvent | None
    listen_keys(*, key) -> KeyEvent | None

Knows nothing of the API, nor of the page's state: screens turn hits into tiles, events into state.
"""

from ui.components.boxed import DrawnBox, show_boxed
from ui.components.faces import show_faces
from ui.components.grid import show_grid
from ui.components.keys import KeyEvent, listen_keys
from ui.components.player import PlayerData, PlayerEvent, show_player
from ui.components.strip import show_strip
from ui.components.tile import GridEvent, Tile

__all__ = [
    "DrawnBox",
    "GridEvent",
    "KeyEvent",
    "PlayerData",
    "PlayerEvent",
    "Tile",
    "listen_keys",
    "show_boxed",
    "show_faces",
    "show_grid",
    "show_player",
    "show_strip",
]
