"""What to do when nothing was found: which part alone finds nothing, and searches without it."""

from dataclasses import dataclass

import streamlit as st

from search.client import ApiError
from search.wire import Found
from ui.filters import means_faces
from ui.place import Place
from ui.plain import escape
from ui.state import State

MOST_TRIED = 6


@dataclass(frozen=True)
class Part:
    """A part of what was asked.

    Attributes:
        name: as people know it.
        alone: a search for it alone; None for what means nothing alone.
        without: the search without it.
    """

    name: str
    alone: State | None
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
            place.link(f"search without {part.name}", part.without)
            st.caption(escape(_say(place, part)), width="content")


def show_without(place: Place) -> None:
    """Offer the searches without one of the parts, where the API refuses the whole."""
    with st.container(horizontal=True, key="links-without", gap="small"):
        for part in parts_of(place.state)[:MOST_TRIED]:
            place.link(f"search without {part.name}", part.without)
        if place.state.distinct is not None:
            place.link("search without folding", place.state.ask(distinct=None))


def parts_of(state: State) -> list[Part]:
    """The filters and what follows, each with the searches that tell about it."""
    parts = [
        Part(
            where,
            State(where=(where,), faces=state.faces if means_faces(where) else ()),
            state.ask(where=tuple(one for one in state.where if one != where)),
        )
        for where in state.where
    ]
    if state.faces:
        others = tuple(one for one in state.where if not means_faces(one))
        parts.append(Part("the face", State(faces=state.faces), state.ask(faces=(), where=others)))
    if state.then:
        first = state.ask(then=(), within="")
        parts.append(Part("what comes then", None, first))
    if state.within:
        parts.append(Part(f"within {state.within} s", None, state.ask(within="")))
    return parts


def _say(place: Place, part: Part) -> str:
    found = _count(place, part.alone or part.without)
    if found is None:
        return ""
    if part.alone is None:
        return f"finds {found:,}" if found else "finds nothing either"
    return f"{part.name} alone finds {found:,}" if found else f"{part.name} finds nothing by itself"


def _count(place: Place, state: State) -> int | None:
    try:
        return place.api.search(state).total
    except ApiError:
        return None
