"""The player: one video at the second asked for, with a clip and a picture to fall back on.

Knows no codec: it learns from the browser whether a file plays.
"""

from dataclasses import asdict, dataclass
from typing import Literal

from ui.components.mount import mount


@dataclass(frozen=True)
class PlayerData:
    """What to play, and what to try where the browser cannot.

    Attributes:
        play: address of the whole video; "" where it is known not to play in browsers.
        clip: address of a clip any browser plays, which the server may take seconds to make;
            "" for none.
        picture: address of the keyframe, shown when neither plays.
        time_ms: where to start, in the video's time; a new one seeks.
        play_from_ms: the video's time at which `play` begins; 0 for whole files.
        clip_from_ms: the video's time at which `clip` begins.
        title: the video's title, shown beside the time.
    """

    play: str
    clip: str
    picture: str
    time_ms: int
    play_from_ms: int = 0
    clip_from_ms: int = 0
    title: str = ""


@dataclass(frozen=True)
class PlayerEvent:
    """The person asked for a neighbouring shot.

    Attributes:
        go: which of the two.
    """

    go: Literal["next", "previous"]


def show_player(video: PlayerData, *, key: str) -> PlayerEvent | None:
    """Show the player and return what was asked for since the last run.

    Args:
        video: what to play; the same addresses with another time only seek.
        key: unique in the app; the same key keeps the player between runs.
    """
    result = mount("player", ("clock", "targets"), asdict(video), key, ("go", "expired"))
    match result.get("go"):
        case "next":
            return PlayerEvent("next")
        case "previous":
            return PlayerEvent("previous")
    return None
