"""Where in the picture a shot shows what was asked: the boxes of its reason, drawn."""

from collections.abc import Sequence

import streamlit as st

from search.client import ApiError
from search.hits import Hit
from search.wire import KeyframeSummary, ShotDetails
from ui.components import DrawnBox, show_boxed
from ui.place import Place
from ui.plain import clean, clock
from ui.sights import find_sights
from ui.state import State

BOXED = ("person", "action", "does", "label")  # filters whose reasons tell boxes
FAR_MS = 500  # from the picture: what moves may be elsewhere


def show_sights(place: Place, shot: ShotDetails) -> None:
    """Draw the boxes that the hit's reason tells on the keyframe of their moment."""
    with st.container(key="sights"):  # one place, so that what stands below never moves
        hit = _find_hit(place, shot)
        sights = find_sights(hit.why) if hit is not None else ()
        if hit is None or not sights or not shot.keyframes:
            return
        time_ms = next((one.time_ms for one in sights if one.time_ms is not None), hit.time_ms)
        keyframe = _nearest(shot.keyframes, time_ms)
        said = f"Where it was found, at {clock(time_ms)}"
        if abs(keyframe.time_ms - time_ms) > FAR_MS:
            said = f"{said}; the picture is of {clock(keyframe.time_ms)}"
        if any(one.interpolated for one in sights):
            said = f"{said}; dashed: reckoned from the moments before and after"
        st.caption(said)
        show_boxed(
            place.api.address(keyframe.media.picture),
            [DrawnBox(one.box, one.label, one.interpolated) for one in sights],
            title=clean(f"{shot.video.name} at {clock(keyframe.time_ms)}", 200),
            key="sight",
        )


def asks_for_boxes(state: State) -> bool:
    """Whether the reasons of what is asked tell where in the picture it is."""
    keys = (one.partition("=")[0].rstrip("! ") for one in state.where)
    return bool(state.faces) or any(key in BOXED for key in keys)


def _find_hit(place: Place, shot: ShotDetails) -> Hit | None:
    """The shot among the hits of what is asked; they are mostly known from moments ago."""
    if not asks_for_boxes(place.state):
        return None
    try:
        hits: Sequence[Hit] = place.api.search(place.state).hits
    except ApiError:  # what is asked has its own screen to say so
        return None
    return next((hit for hit in hits if hit.shot == shot.id), None)


def _nearest(keyframes: Sequence[KeyframeSummary], time_ms: int) -> KeyframeSummary:
    return min(keyframes, key=lambda one: abs(one.time_ms - time_ms))
