"""What stands around every screen: where one can go, the page's keys, pictures pasted anywhere."""

from dataclasses import replace
from pathlib import Path

import streamlit as st

from ui.components import listen_keys
from ui.memory import leave_trouble
from ui.place import Place, ScreenName
from ui.screens.query_picture import take_picture
from ui.state import State

STYLE = Path(__file__).parent.parent / "page.css"


def show_frame(place: Place, screen: ScreenName) -> None:
    """Show the bar at the top, and listen to the keys."""
    st.html(STYLE)
    with st.container(key="frame", horizontal=True, vertical_alignment="center", gap="medium"):
        st.text("shotseek", width="content")
        asked = place.state.look(place.state.shot) if place.state.asks else State()
        label = "Results" if screen != "search" and place.state.asks else "Search"
        place.link(label, asked, icon=":material/search:")
        place.link("Collection", place.state, "collection", icon=":material/video_library:")
        everybody = replace(place.state, person="", name="", page=1)
        place.link("Persons", everybody, "persons", icon=":material/groups:")
        if place.state.asks:
            with st.container(key="anew", width="content"):
                place.link("New search", State(), icon=":material/restart_alt:")
        st.caption("press **?** for the keys", width="content")
    pasted = listen_keys(key="keys")
    with st.container():  # one place, so that what stands below never moves
        with_picture = take_picture(place, pasted.picture) if pasted is not None else None
    if with_picture is not None:
        leave_trouble("")
        place.go(with_picture, "search")
