"""The one thing that grid and filmstrip show: a shot with a picture, and what was done to it.

Knows no API: addresses and texts come ready from the screens.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from ui.components.mount import mount

TileAction = Literal["open", "similar", "choose"]


@dataclass(frozen=True)
class Tile:
    """A shot as it is shown; all texts are shown as they are, never as HTML.

    Attributes:
        id: the shot's id, such as "a1b2...@1234".
        rank: its place in the answer, from 1.
        score: higher is better; None shows none (neighbours in the filmstrip have none).
        picture: address of a small picture.
        play: address of a video or clip that a browser can play; "" where there is none.
        play_from_ms: the time of the video at which `play` begins; 0 for whole files.
        start_ms: where the moment begins in the video.
        end_ms: where the moment ends in the video.
        time_ms: the moment's best time in the video.
        video: title of the video.
        video_id: what hits of one video are grouped by.
        why: one short line that says why it was found.
        badge: a word or two on the picture; "" for none.
        badge_name: the badge in full words, to be heard and on hovering; "" says none.
        heard: what it is called aloud; "" says the video and the time.
        chosen: whether it is among those that something will be done to; None offers no choice,
            but more that looks like it.
    """

    id: str
    rank: int
    score: float | None
    picture: str
    play: str
    play_from_ms: int
    start_ms: int
    end_ms: int
    time_ms: int
    video: str
    video_id: str
    why: str = ""
    badge: str = ""
    badge_name: str = ""
    heard: str = ""
    chosen: bool | None = None


@dataclass(frozen=True)
class GridEvent:
    """What the person did to a tile of a grid or filmstrip.

    Attributes:
        action: "open" the shot, look for "similar" ones, or "choose" it, or no longer.
        id: the tile's id.
    """

    action: TileAction
    id: str


def show_tiles(
    layout: Literal["grid", "strip", "faces"],
    tiles: Sequence[Tile],
    settings: Mapping[str, object],
    key: str,
) -> GridEvent | None:
    """Mount the component that lays tiles out so, and return what was done since the last run.

    Args:
        layout: names the component.
        tiles: in the order they are shown.
        settings: what else its script gets.
        key: unique in the app.
    """
    actions: tuple[TileAction, ...] = ("open", "similar", "choose")
    # "expired" needs no answer: the run that it causes brings addresses that are signed anew.
    pulled = (*actions, "expired")
    data = {"tiles": [asdict(tile) for tile in tiles], **settings}
    result = mount(layout, ("clock", "preview", "tile", "moves", "shelf"), data, key, pulled)
    for action in actions:
        value = result.get(action)
        if isinstance(value, str) and value:
            return GridEvent(action, value)
    return None
