"""The script that Streamlit runs for every visitor, from the top whenever anything changes."""

import os
from functools import partial

import streamlit as st

from ui.api import Api
from ui.memory import enter, read_address, write_address
from ui.place import Place, Screen, ScreenName
from ui.plain import escape
from ui.recovery import run_screen
from ui.screens.collection_screen import show_collection
from ui.screens.frame import show_frame
from ui.screens.person_screen import show_person
from ui.screens.persons_screen import show_persons
from ui.screens.search_screen import show_search
from ui.screens.shot_screen import show_shot
from ui.settings import UiSettings, read_settings

# Streamlit's own icons for a browser's tab are fetched from a foreign server.
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" '
    'rx="4" fill="#0b7a75"/><path d="M6 4.5v7l5.5-3.5z" fill="#fff"/></svg>'
)
SCREENS: dict[ScreenName, tuple[Screen, str]] = {
    "search": (show_search, "Search"),
    "shot": (show_shot, "Shot"),
    "collection": (show_collection, "Collection"),
    "persons": (show_persons, "Persons"),
    "person": (show_person, "Person"),
}


@st.cache_resource
def connect(settings: UiSettings) -> Api:
    """One door to the API for all visitors."""
    return Api(settings)


def main() -> None:
    """Show the screen that the address names."""
    st.set_page_config(page_title="shotseek", page_icon=ICON, layout="wide")
    pages = {
        name: st.Page(
            partial(_nothing, name),
            title=title,
            url_path="" if name == "search" else name,
            default=name == "search",
        )
        for name, (_, title) in SCREENS.items()
    }
    chosen = st.navigation(list(pages.values()), position="hidden")
    name = next(name for name, page in pages.items() if page.url_path == chosen.url_path)
    enter(name)
    read = read_address()
    write_address(read.state)
    place = Place(connect(read_settings({}, os.environ)), read.state, pages, name)
    show_frame(place, name)
    with st.container():  # one place, so that what stands below never moves
        for note in read.notes:
            st.caption(escape(note))
    run_screen(SCREENS[name][0], place)


def _nothing(name: str) -> None:
    """Streamlit's pages only name the screens; `main` runs them, so that it can catch errors."""


main()
