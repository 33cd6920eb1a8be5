"""The screen of one person: its faces, its name, and how it is hidden, split and forgotten."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from search.client import ApiRefused
from search.person_wire import FaceFound, PersonDetails
from ui.components import show_faces
from ui.filters import person_filter
from ui.memory import choose_tiles, chosen_tiles, widget
from ui.place import Place
from ui.plain import clean, escape
from ui.recovery import is_question, show_problem
from ui.screens.paging import find_offset, go_to_last, say_which, show_pages
from ui.screens.telling import tell
from ui.state import State
from ui.tiles import face_id, say_where, tiles_of_faces
from ui.waiting import wait_for

FACES = 500  # on a page
BOX_PX = 320  # of a box for a name
WORD = "forget"  # to be written where there is no name


def show_person(place: Place) -> None:
    """Show the person that the address names."""
    id = place.state.person
    if not id:
        st.info("No person is named in the address: choose one among all.")
        return
    try:
        person = wait_for(
            lambda: place.api.person(id, FACES, find_offset(place, FACES)), "fetching the person"
        )
    except ApiRefused as error:
        if not is_question(error):
            raise
        show_problem(error)
        place.link("all persons", replace(place.state, person="", page=1), "persons")
        return
    if not person.faces:
        go_to_last(place, person.appearances, FACES)
    _show_head(place, person)
    with st.container(key="acts"):  # one place, so that the faces below never move
        _show_choice(place, person)
    show_pages(place, person.appearances, FACES, "top")
    event = show_faces(tiles_of_faces(person.faces, chosen_tiles(), place.api), key="faces")
    show_pages(place, person.appearances, FACES, "bottom")
    if event is None:
        return
    if event.action == "open":
        _open(place, person, event.id)
    else:
        choose_tiles(chosen_tiles() ^ {event.id})
        st.rerun()


def _show_head(place: Place, person: PersonDetails) -> None:
    st.markdown(f"##### {escape(person.name, 200) if person.name else 'Nobody named this person'}")
    shots = "1 shot" if person.shots == 1 else f"{person.shots:,} shots"
    hidden = " \u00b7 hidden" if person.hidden else ""
    st.caption(f"seen {say_where(person)}, in {shots}{hidden}")
    _offer_name(place, person)
    with st.container(horizontal=True, key="actions", vertical_alignment="center", gap="small"):
        everybody = replace(place.state, person="", page=1)
        place.link("all persons", everybody, "persons", icon=":material/arrow_back:")
        found = State(where=(person_filter(person.name or person.id),))
        place.link("search for this person", found, icon=":material/search:")
        label = "Show again" if person.hidden else "Hide"
        if st.button(label, key=widget("hide"), icon=":material/visibility_off:", type="tertiary"):
            _hide(place, person)
        with st.popover("Forget\u2026", icon=":material/person_off:", type="tertiary"):
            _offer_forgetting(place, person)


def _offer_name(place: Place, person: PersonDetails) -> None:
    with (
        st.form(widget(f"naming-{person.id}"), border=False),
        st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
    ):
        typed = st.text_input(
            "Name",
            value=person.name or "",
            placeholder="who is this?",
            key=widget(f"called-{person.id}"),
            label_visibility="collapsed",
            width=BOX_PX,
        )
        said = st.form_submit_button("Rename" if person.name else "Name")
    name = clean(typed, 400) or None
    if not said or name == person.name:
        return
    named = tell(place, lambda persons: persons.name(person.id, name))
    if named is not None:
        place.stay(replace(place.state, person=named.id))


def _hide(place: Place, person: PersonDetails) -> None:
    told = tell(
        place,
        lambda persons: (persons.unhide if person.hidden else persons.hide)(person.id),
    )
    if told is not None:
        place.stay(replace(place.state, person=told.id))


def _offer_forgetting(place: Place, person: PersonDetails) -> None:
    """Forget a person, once its name was written again."""
    wanted = clean(person.name, 200) if person.name else WORD
    st.markdown(
        "All that is stored of this person goes for good: name, faces, and what tells them apart, "
        "from the collection and its search files. Indexing again does not bring it back. "
        "Videos and their pictures stay as they are."
    )
    with st.form(widget(f"forgetting-{person.id}"), border=False):
        typed = st.text_input(
            f"To go on, write **{escape(wanted)}**", key=widget(f"confirm-{person.id}")
        )
        said = st.form_submit_button("Forget for good", type="primary")
    if not said:
        return
    if clean(typed, 200) != wanted:
        st.warning(f"Nothing was removed: write **{escape(wanted)}**, letter by letter.")
        return
    gone = tell(
        place,
        lambda persons: persons.forget(person.id, confirm=person.id),
        "forgetting: search files may have to be made anew",
    )
    if gone is not None:
        place.go(replace(place.state, person="", page=1), "persons")


def _show_choice(place: Place, person: PersonDetails) -> None:
    """What can be done with the chosen faces."""
    chosen = [face for face in person.faces if face_id(face) in chosen_tiles()]
    if not chosen:
        st.caption(
            f"Open a face for its shot. Choose faces (Space) of somebody else."
            f"{_say_cut(place, person)}"
        )
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        with (
            st.form(widget("splitting"), border=False, width="content"),
            st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
        ):
            typed = st.text_input(
                f"{len(chosen)} chosen: who is it instead?",
                placeholder="a name, or nothing",
                key=widget("instead"),
                width=BOX_PX,
            )
            said = st.form_submit_button("Somebody else")
        if st.button("Choose none", key=widget("none"), type="tertiary"):
            choose_tiles(frozenset())
            st.rerun()
    if said:
        _split(place, person, chosen, clean(typed, 400) or None)


def _say_cut(place: Place, person: PersonDetails) -> str:
    """Which faces are shown, where not all are."""
    if person.appearances <= FACES:
        return ""
    return f" Here are {say_which(place, person.appearances, FACES)}."


def _split(
    place: Place, person: PersonDetails, chosen: Sequence[FaceFound], name: str | None
) -> None:
    told = tell(place, lambda persons: persons.split(person.id, chosen, name))
    if told is not None:
        choose_tiles(frozenset())
        place.stay(replace(place.state, person=told.id, page=1))


def _open(place: Place, person: PersonDetails, id: str) -> None:
    face = next((face for face in person.faces if face_id(face) == id), None)
    if face is None or face.shot is None:
        st.toast("The search files do not hold this video yet.")
        return
    place.go(place.state.look(face.shot, face.time_ms), "shot")
