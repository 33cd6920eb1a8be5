"""The one place where the page touches Streamlit's session state and query parameters.

What matters stands in the address. Here is only what an address cannot hold: what a widget shows
just now, a message for the next run. Knows no API.
"""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from ui.state import ReadState, State, read_state, write_state

WIDGET = "ask."
UPLOADS, TROUBLE, OPENED = "uploads", "trouble", "opened"
SCREEN, VISIT = "screen", "visit"
CHOSEN = "chosen"


def read_address() -> ReadState:
    """The state that the address bar names."""
    names = st.query_params
    return read_state((key, value) for key in names for value in names.get_all(key))


def as_parameters(state: State) -> dict[str, list[str]]:
    """A state as Streamlit takes query parameters."""
    found: dict[str, list[str]] = {}
    for key, value in write_state(state):
        found.setdefault(key, []).append(value)
    return found


def write_address(state: State) -> None:
    """Have the address bar name a state; a browser whose address does already does nothing.

    Done in every run: Streamlit drops what a run has not sent yet when the next one begins, and a
    browser that still has the former address would bring it back.
    """
    st.query_params.from_dict(as_parameters(state))


def enter(screen: str) -> None:
    """Say which screen is shown; coming from another, its widgets are new ones."""
    if st.session_state.get(SCREEN) != screen:
        st.session_state[SCREEN] = screen
        st.session_state[VISIT] = _visit() + 1


def when_changed(read: Callable[[], State]) -> Callable[[], None]:
    """What a widget calls when it was changed: the address becomes what `read` gives.

    Widgets of a screen that was left say nothing any more: where the run of the next screen was
    interrupted, Streamlit takes them for changed, as the browser does not name them.
    """
    visit = _visit()

    def change() -> None:
        if visit == _visit():
            write_address(read())

    return change


def put_widgets(values: Mapping[str, Any]) -> None:
    """Have widgets show values; those that do already keep what is being typed."""
    for name, value in values.items():
        if st.session_state.get(widget(name)) != value:
            st.session_state[widget(name)] = value


def widget(name: str) -> str:
    """The key of a widget, for as long as its screen is shown."""
    return f"{WIDGET}{_visit()}.{name}"


def widget_value(name: str, usual: Any) -> Any:
    """What a widget shows."""
    return st.session_state.get(widget(name), usual)


def _visit() -> int:
    return int(st.session_state.get(VISIT, 0))


def upload_key(name: str) -> str:
    """The key of an uploader; a new one after each upload, so that it is empty again."""
    return f"upload.{name}.{st.session_state.get(UPLOADS, 0)}"


def empty_uploader() -> None:
    """Have the next run show uploaders without a file."""
    st.session_state[UPLOADS] = st.session_state.get(UPLOADS, 0) + 1


def leave_trouble(message: str) -> None:
    """Leave a message for the next run."""
    st.session_state[TROUBLE] = message


def take_trouble() -> str:
    """The message that was left, once."""
    return str(st.session_state.pop(TROUBLE, ""))


def remember_opened(shot: str) -> None:
    """Keep which shot was opened, for whoever comes back by the browser's own button."""
    st.session_state[OPENED] = shot


def last_opened() -> str:
    """The shot that was opened last, "" for none."""
    return str(st.session_state.get(OPENED, ""))


def chosen_tiles() -> frozenset[str]:
    """The tiles that were chosen since the screen was entered."""
    visit, chosen = st.session_state.get(CHOSEN, (0, frozenset()))
    return frozenset(chosen) if visit == _visit() else frozenset()


def choose_tiles(ids: frozenset[str]) -> None:
    """Have these tiles be the chosen ones, for as long as the screen is shown."""
    st.session_state[CHOSEN] = (_visit(), ids)
