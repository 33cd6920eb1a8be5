"""What to do when nothing was found: which part alone finds nothing, and searches without it."""

from dataclasses import dataclass

import streamlit as st

from search.client import ApiError
from search.wire import Found
from ui.place import Place
from ui.plain import escape
from ui.state import State

MOST_TRIED = 6


@dataclass(frozen=True)
class Part:
    """A part of what was asked.

    Attributes:
        name: as people know it.
        alone: a search for it alone.
        without: the search without it.
    """

    name: str
    alone: State
    without: State


def show_nothing_found(place: Place, found: Found) -> None:
    """Say it, and offer ways on."""
    st.info("**Nothing holds for all of this.** Drop a filter, ask for less, or in other words.")
    for note in found.notes:
        st.caption(escape(note))
    parts = parts_of(place.state)
    if len(parts) < 2:
        return
    for number, part in enumerate(parts[:MOST_TRIED]):
        with st.container(horizontal=True, key=f"links-part-{number}", gap="small"):
            alone = _count(place, part.alone)
            place.link(f"search without {part.name}", part.without)
            if alone is not None:
                said = "finds nothing by itself" if alone == 0 else f"alone finds {alone:,}"
                st.caption(f"{escape(part.name)} {said}", width="content")


def parts_of(state: State) -> list[Part]:
    """The filters and what follows, each with the searches that tell about it."""
    parts = [
        Part(
            where,
            State(where=(where,), k=1),
            state.ask(where=tuple(one for one in state.where if one != where)),
        )
        for where in state.where
    ]
    if state.then:
        first = state.ask(then=(), within="")
        parts.append(Part("what comes then", first, first))
    if state.within:
        parts.append(Part(f"within {state.within} s", state.ask(within=""), state.ask(within="")))
    return parts


def _count(place: Place, state: State) -> int | None:
    try:
        return place.api.search(state).total
    except ApiError:
        return None
