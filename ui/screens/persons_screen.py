"""The screen of all persons: their faces; naming, hiding and joining those that are chosen."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from search.client.persons import PersonsClient
from search.person_wire import PersonList, PersonSummary
from search.wire import CollectionStatus
from ui.components import show_faces
from ui.memory import choose_tiles, chosen_tiles, put_widgets, when_changed, widget, widget_value
from ui.place import Place
from ui.plain import clean, code, escape
from ui.recovery import show_empty
from ui.screens.paging import find_offset, go_to_last, say_which, show_pages
from ui.screens.telling import tell
from ui.tiles import say_where, tiles_of_persons
from ui.waiting import wait_for

PAGE = 300  # persons on a page
BOX_PX = 320  # of a box for a name
RUN = "shotseek index VIDEOS --collection {} --analyzers +faces,+persons"


def show_persons(place: Place) -> None:
    """Show the persons, and what can be done with those that are chosen."""
    status = wait_for(place.api.collection, "asking the API")
    if status.state == "empty":
        show_empty(place.api, status.name)
        return
    _show_filter(place)
    found = wait_for(
        lambda: place.api.persons(
            place.state.name, PAGE, find_offset(place, PAGE), hidden=place.state.hidden
        ),
        "listing the persons",
    )
    if not found.persons:
        go_to_last(place, found.total, PAGE)
        _show_nobody(place, status, found)
        return
    _show_count(place, found)
    with st.container(key="acts"):  # one place, so that the faces below never move
        _show_acts(place, found.persons)
    tiles = tiles_of_persons(found.persons, chosen_tiles(), place.api)
    event = show_faces(tiles, key="persons")
    show_pages(place, found.total, PAGE, "bottom")
    if event is None:
        return
    if event.action == "open":
        place.go(replace(place.state, person=event.id, page=1), "person")
    choose_tiles(chosen_tiles() ^ {event.id})
    st.rerun()


def _show_filter(place: Place) -> None:
    state = place.state
    put_widgets({"name": state.name, "hidden": state.hidden})
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.text_input(
            "Persons",
            key=widget("name"),
            placeholder="part of a name",
            label_visibility="collapsed",
            icon=":material/filter_list:",
            on_change=when_changed(
                lambda: replace(state, name=clean(widget_value("name", ""), 200), page=1)
            ),
        )
        st.toggle(
            "hidden ones too",
            key=widget("hidden"),
            on_change=when_changed(
                lambda: replace(state, hidden=bool(widget_value("hidden", False)), page=1)
            ),
        )


def _show_nobody(place: Place, status: CollectionStatus, found: PersonList) -> None:
    """Why there is nobody, and what to do about it."""
    done = {one.name for one in status.analyzers if one.done}
    if place.state.name:
        st.info("Nobody has a name with this in it.")
    elif found.hidden:
        st.info("All persons are hidden. Turn on **hidden ones too** to see them.")
    elif "faces" not in done:
        st.info(
            "**Nobody was looked for.** Faces are personal data: they are found only where that "
            f"is asked for.  \nTurn them on with {code(RUN.format(status.name or 'DIR'))}."
        )
    else:
        st.info(
            "No faces are together here. Either no video shows any, or they were not grouped yet: "
            f"{code(RUN.format(status.name or 'DIR'))}."
        )


def _show_count(place: Place, found: PersonList) -> None:
    shown = f"{say_which(place, found.total, PAGE)} person{'' if found.total == 1 else 's'}"
    hidden = f" \u00b7 {found.hidden:,} hidden" if found.hidden else ""
    st.caption(f"{shown}{hidden}")
    show_pages(place, found.total, PAGE, "top")


def _show_acts(place: Place, persons: Sequence[PersonSummary]) -> None:
    """What can be done with the chosen persons."""
    chosen = [one for one in persons if one.id in chosen_tiles()]
    if not chosen:
        st.caption("Open a face for all its shots. Choose faces (Space) to name or to join them.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if len(chosen) == 1:
            _offer_name(place, chosen[0])
        else:
            _offer_merge(place, chosen)
        shown = all(not one.hidden for one in chosen)
        if st.button("Hide" if shown else "Show again", key=widget("hide")):
            _hide(place, chosen, hide=shown)
        if st.button("Choose none", key=widget("none"), type="tertiary"):
            _done()


def _offer_name(place: Place, person: PersonSummary) -> None:
    """Name the one that is chosen; a person of that name gets its faces."""
    with (
        st.form(widget(f"naming-{person.id}"), border=False, width="content"),
        st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
    ):
        typed = st.text_input(
            "Who is this?",
            value=person.name or "",
            key=widget(f"called-{person.id}"),
            width=BOX_PX,
        )
        said = st.form_submit_button("Name")
    name = clean(typed, 400)
    if not (said and name):
        return
    told = tell(place, lambda persons: persons.name(person.id, name))
    if told is not None:
        _done()


def _offer_merge(place: Place, chosen: Sequence[PersonSummary]) -> None:
    """Make one of all that are chosen, under one of their names."""
    named = [one for one in chosen if one.name]
    known = [one for one in chosen if one.known]
    into = max(named or known or chosen, key=lambda one: one.appearances)
    if len(named) > 1:
        into = st.selectbox(
            "Under the name of",
            named,
            format_func=lambda one: f"{clean(one.name or one.id, 60)} ({say_where(one)})",
            key=widget("into"),
            width=BOX_PX,
        )
    label = f"These {len(chosen)} are one person"
    if into.name:
        label = f"{label}: {escape(into.name, 60)}"
    if not st.button(label, key=widget("merge"), type="primary"):
        return
    others = [one.id for one in chosen if one.id != into.id]
    told = tell(place, lambda persons: persons.merge(others, into.id))
    if told is not None:
        _done()


def _hide(place: Place, chosen: Sequence[PersonSummary], *, hide: bool) -> None:
    ids = [one.id for one in chosen]

    def say(persons: PersonsClient) -> int:
        for id in ids:
            (persons.hide if hide else persons.unhide)(id)
        return len(ids)

    if tell(place, say) is not None:
        _done()


def _done() -> None:
    choose_tiles(frozenset())
    st.rerun()
