"""What every screen is handed: the API, the state, and the ways to other screens and states."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, NoReturn, TypeAlias
from urllib.parse import urlencode

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from ui.api import Api
from ui.memory import as_parameters, enter, remember_opened
from ui.plain import escape
from ui.state import State, write_state

ScreenName = Literal["search", "shot", "collection", "persons", "person"]


@dataclass(frozen=True)
class Place:
    """Where the person is, and how to go on.

    Attributes:
        api: what is asked.
        state: what the address says.
        pages: Streamlit's pages by the name of their screen.
        screen: the one that is shown.
    """

    api: Api
    state: State
    pages: Mapping[ScreenName, StreamlitPage]
    screen: ScreenName

    def link(
        self,
        label: str,
        state: State,
        to: ScreenName = "search",
        *,
        icon: str | None = None,
        help: str | None = None,
    ) -> None:
        """A link to a screen in a state; its label is a text, not Markdown."""
        st.page_link(
            self.pages[to],
            label=escape(label) or "\u2026",
            icon=icon,
            help=escape(help) if help else None,
            query_params=as_parameters(state),
        )

    def go(self, state: State, to: ScreenName) -> NoReturn:
        """Leave for a screen in a state."""
        if to == "shot":
            remember_opened(state.shot)
        enter(to)
        st.switch_page(self.pages[to], query_params=as_parameters(state))

    def stay(self, state: State) -> NoReturn:
        """Run this screen again in another state."""
        self.go(state, self.screen)

    def whole_address(self, state: State, to: ScreenName) -> str:
        """What to send to somebody else."""
        base = (st.context.url or "").split("?")[0].rstrip("/")
        # The browser's address ends with the screen that it loaded first.
        for page in self.pages.values():
            if page.url_path:
                base = base.removesuffix(f"/{page.url_path}")
        path = self.pages[to].url_path
        asked = urlencode(write_state(state))
        return f"{base}/{path}?{asked}" if asked else f"{base}/{path}"


Screen: TypeAlias = Callable[[Place], None]
