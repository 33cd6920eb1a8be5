"""What is done to a tile, on whichever screen: open the shot, or find more like it."""

from ui.components import GridEvent
from ui.place import Place


def follow(place: Place, event: GridEvent, times: dict[str, int]) -> None:
    """Do what was done to a tile; `times` holds the moment of each."""
    time_ms = times.get(event.id)
    if event.action == "open":
        place.go(place.state.look(event.id, time_ms), "shot")
    video, _, start = event.id.rpartition("@")
    moment = int(start) if time_ms is None else time_ms
    like = f"{video}@{moment / 1000:g}"
    # What looks the same is what is asked for now: nothing of it is folded.
    asked = place.state.ask(text="", then=(), within="", picture="", like=like, distinct=None)
    place.go(asked, "search")
