"""The screen that finds: what is asked, and the hits."""

import streamlit as st

from search.client import ApiRefused
from search.wire import Found
from ui.components import show_grid
from ui.memory import last_opened
from ui.place import Place
from ui.plain import clean, escape
from ui.recovery import is_question, show_empty, show_problem
from ui.screens.following import follow
from ui.screens.nothing_found import show_nothing_found, show_without
from ui.screens.search_form import show_form
from ui.screens.start_view import show_start
from ui.state import STEPS
from ui.tiles import tiles_of_hits
from ui.waiting import wait_for


def show_search(place: Place) -> None:
    """Show the form, and hits or a start."""
    status = wait_for(place.api.collection, "asking the API")
    if status.state == "empty":
        show_empty(place.api, status.name)
        return
    show_form(place)
    if not place.state.asks:
        if place.state.then:
            st.info("Say also what comes first: the box on the left is empty.")
        show_start(place)
        return
    try:
        found = wait_for(lambda: place.api.search(place.state), "searching")
    except ApiRefused as error:
        if not is_question(error):
            raise
        show_problem(error)
        show_without(place)
        return
    if found.hits:
        _show_hits(place, found)
    else:
        show_nothing_found(place, found)


def _show_hits(place: Place, found: Found) -> None:
    state = place.state
    parts = [say_how_many(found), f"{found.took_ms:.0f} ms", *found.notes]
    st.caption(escape(" \u00b7 ".join(clean(part, 300) for part in parts), 1500))
    tiles = tiles_of_hits(found, place.api)
    ids = {tile.id for tile in tiles}
    selected = next((id for id in (state.shot, last_opened()) if id in ids), None)
    event = show_grid(tiles, grouped=state.group == "video", selected=selected, key="results")
    if event is not None:
        follow(place, event, {tile.id: tile.time_ms for tile in tiles})
    if found.cursor and len(found.hits) < STEPS[-1] and st.button("More hits", key="more"):
        place.stay(state.more())


def say_how_many(found: Found) -> str:
    """How many hits are shown, and of how many; those folded count as far as was looked."""
    shown, folded = len(found.hits), sum(hit.similar for hit in found.hits)
    of = f"{found.total:,} hits" if found.total != 1 else "1 hit"
    if shown == found.total:
        return of
    part = f"the first {shown:,} of {of}" if found.cursor else f"{shown:,} of {of}"
    return f"{part}, {folded:,} folded under hits that look the same" if folded else part
