"""Who is seen in a shot: the best face of each person, its name, and a place to say who it is."""

from collections.abc import Iterable

import streamlit as st

from search.client import ApiError
from search.person_wire import FaceSeen
from search.wire import ShotDetails
from ui.memory import widget
from ui.place import Place
from ui.plain import clean
from ui.screens.telling import tell
from ui.state import State
from ui.tiles import face_id
from ui.waiting import wait_for

MOST = 30  # shown
LONG, LONG_PX = 4, 330  # persons from which the list scrolls, and how high it then is
FACE_PX, BOX_PX = 56, 240
KIND = "face"  # of tracks


def show_people(place: Place, shot: ShotDetails) -> None:
    """Show the faces of a shot, where any were looked for."""
    with st.container(key="people", gap="small"):  # one place, so that nothing below moves
        if not any(track.kind == KIND for track in shot.tracks):
            return
        try:
            faces = wait_for(lambda: place.api.faces(shot.id), "asking who is seen").faces
        except ApiError:  # the rest of the shot is worth showing without
            return
        if not faces:
            return
        st.caption("Who is seen")
        shown = best_of_each(faces)
        with st.container(height=LONG_PX if len(shown) > LONG else "content", border=False):
            for face in shown[:MOST]:
                _show_face(place, face)
            if len(shown) > MOST:
                st.caption(f"and {len(shown) - MOST:,} more")


def best_of_each(faces: Iterable[FaceSeen]) -> list[FaceSeen]:
    """The face of each person that is seen best, those with a name first; then as they came."""
    best: dict[str, FaceSeen] = {}
    for face in faces:
        who = face_id(face) if face.person is None else face.person
        if who not in best or (face.quality or 0) > (best[who].quality or 0):
            best[who] = face
    return sorted(best.values(), key=lambda face: face.person_name is None)


def _show_face(place: Place, face: FaceSeen) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if face.face:
            st.image(place.api.address(face.face), width=FACE_PX)
        label = clean(face.person_name, 60) if face.person_name else "no name yet"
        if face.person is None:
            st.caption(label, width="content")
        else:
            place.link(label, State(person=face.person), "person", help="all that is seen of it")
        asked = "Somebody else?" if face.person_name else "Who is this?"
        key = widget(f"who-{face_id(face)}-{face.person}")  # named, it is another: shut again
        with st.popover(asked, type="tertiary", key=key):
            _offer_name(place, face)


def _offer_name(place: Place, face: FaceSeen) -> None:
    """Name a face; a person of that name gets it, and with it the faces that look alike."""
    key = face_id(face)
    with st.form(widget(f"naming-{key}"), border=False, clear_on_submit=True):
        typed = st.text_input("The name of who this is", key=widget(f"called-{key}"), width=BOX_PX)
        said = st.form_submit_button("Name")
    name = clean(typed, 400)
    if not (said and name):
        return
    told = tell(
        place,
        lambda persons: persons.name_face(face.video, face.time_ms, name, box=face.box),
    )
    if told is not None:
        st.rerun()
