"""What stands there before any search: examples from this collection, and its newest videos."""

from collections.abc import Sequence

import streamlit as st

from search.client import ApiError
from search.wire import ShotDetails, Suggestion, WordsFound
from ui.components import show_grid
from ui.filters import words_filter
from ui.place import Place
from ui.plain import clean
from ui.screens.following import follow
from ui.state import State
from ui.tiles import tiles_of_videos
from ui.waiting import wait_for

NEWEST, LOOKED_AT = 18, 4
TECHNICAL = ("codec", "container", "colour")


def show_start(place: Place) -> None:
    """Show examples and the newest videos."""
    total = wait_for(lambda: place.api.videos("", 1, 0), "asking the API").total
    newest = place.api.videos("", NEWEST, max(0, total - NEWEST)).videos[::-1]
    ids = [f"{one.id}@{one.media.clip_from_ms}" for one in newest if one.media is not None]
    looked = [_look(place, id) for id in ids[:LOOKED_AT]]
    words = [one for shot in looked if shot for one in shot.words if one.kind != "title"]
    examples = make_examples(place.api.suggestions(), words)
    st.caption("Try one of these, or press / and type.")
    with st.container(horizontal=True, key="links-examples", gap="small"):
        for name, state in examples:
            place.link(name, state)
    st.caption(f"The newest of {total:,} videos" if total != 1 else "The one video")
    tiles = tiles_of_videos(newest, place.api)
    event = show_grid(tiles, grouped=False, selected=None, key="newest")
    if event is not None:
        follow(place, event, {tile.id: tile.time_ms for tile in tiles})


def make_examples(
    suggestions: Sequence[Suggestion], words: Sequence[WordsFound]
) -> list[tuple[str, State]]:
    """Searches that find something here, with what they are called; each kind teaches itself."""
    labels = [one for one in suggestions if one.kind == "label" and not _is_technical(one.where)]
    colours = [one for one in suggestions if one.kind == "colour"]
    found = [(one.where, State(where=(one.where,))) for one in (*labels[:3], *colours[1:3])]
    if labels:
        found.insert(0, (clean(labels[0].name, 40), State(text=clean(labels[0].name, 40))))
    filters = dict.fromkeys(words_filter(one.kind, one.text) for one in words)
    found += [(where, State(where=(where,))) for where in list(filter(None, filters))[:2]]
    if len(colours) > 1:
        first, second = colours[0], colours[1]
        state = State(text=f"something {first.name}", then=(f"something {second.name}",))
        found.append((f"something {first.name}, then something {second.name}", state))
    return found


def _is_technical(where: str) -> bool:
    return where.partition("=")[2].partition("/")[0] in TECHNICAL


def _look(place: Place, id: str) -> ShotDetails | None:
    try:
        return place.api.shot(id)
    except ApiError:
        return None
