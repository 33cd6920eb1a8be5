"""Query pictures: handing them in, and showing the one that is searched with."""

from collections.abc import Sequence

import streamlit as st

from search.client import ApiError, ApiRefused
from ui.memory import empty_uploader, upload_key
from ui.place import Place
from ui.plain import clean, clock, escape
from ui.recovery import show_problem
from ui.state import MOST_FACES, State
from ui.waiting import wait_for

KINDS = ("jpg", "jpeg", "png", "webp", "gif", "bmp", "avif", "heic", "tif", "tiff")


def take_picture(place: Place, picture: bytes) -> State | None:
    """Hand a picture in; the state that searches with it, or None after saying why not."""
    id = _hand_in(place, picture)
    return None if id is None else place.state.ask(picture=id, like="")


def _hand_in(place: Place, picture: bytes) -> str | None:
    """The id of a picture that was handed in, or None after saying why not."""
    try:
        return wait_for(lambda: place.api.upload(picture), "handing the picture in").id
    except ApiRefused as error:
        show_problem(error)
        return None


def show_uploader(place: Place) -> None:
    """A place to drop a picture on; searches with it at once."""
    file = st.file_uploader("A picture to search with", KINDS, key=upload_key("picture"))
    st.caption("or paste one anywhere on the page with Ctrl V")
    if file is not None:
        _go_on(place, take_picture(place, file.getvalue()))


def show_face_uploader(place: Place) -> None:
    """A place to drop pictures of somebody's face on; searches for that person at once."""
    files = st.file_uploader(
        "Pictures of one person's face", KINDS, key=upload_key("faces"), accept_multiple_files=True
    )
    st.caption("of several faces in a picture the largest counts")
    if files:
        ids = [_hand_in(place, one.getvalue()) for one in files]
        _go_on(place, _with_faces(place.state, [id for id in ids if id is not None]))


def _go_on(place: Place, state: State | None) -> None:
    """Search with what was handed in, if it was."""
    if state is not None:
        empty_uploader()
        place.stay(state)


def _with_faces(state: State, ids: Sequence[str]) -> State | None:
    """The state that searches with more pictures of the same face, if there are any."""
    faces = tuple(dict.fromkeys((*state.faces, *ids)))[:MOST_FACES]
    return state.ask(faces=faces) if ids else None


def show_chips(place: Place) -> None:
    """What is searched with besides words, each with a way to drop it."""
    state = place.state
    if state.picture:
        with _chip("picture"):
            _show_query_picture(place, state.picture)
            st.caption("looks like this picture", width="content")
            _offer(place, "drop the picture", state.ask(picture=""))
            faces = _with_faces(state, [state.picture]) or state
            _offer(place, "find the person in it", faces.ask(picture=""), ":material/face:")
    if state.faces:
        with _chip("faces"):
            for id in state.faces:
                _show_query_picture(place, id)
            st.caption("shows this person", width="content")
            _offer(place, "drop the person", state.ask(faces=()))
    if state.like:
        with _chip("like"):
            st.caption(_show_moment(place), width="content")
            _offer(place, "drop the moment", state.ask(like=""))


def _offer(place: Place, label: str, state: State, icon: str = ":material/close:") -> None:
    if st.button(label, icon=icon, type="tertiary"):
        place.stay(state)


def _chip(name: str) -> "st.delta_generator.DeltaGenerator":
    return st.container(
        key=f"chip-{name}", horizontal=True, vertical_alignment="center", width="content"
    )


def _show_query_picture(place: Place, id: str) -> None:
    try:
        picture = place.api.query_picture(id)
    except ApiError:
        return  # the search itself says what is wrong with it
    st.image(picture, width=72)


def _show_moment(place: Place) -> str:
    video, _, seconds = place.state.like.rpartition("@")
    try:
        time_ms = round(float(seconds) * 1000)
        shot = place.api.shot(f"{video}@{time_ms}")
    except (ApiError, ValueError):
        return f"looks like {escape(clean(place.state.like, 80))}"
    st.image(place.api.address(shot.media.small), width=96)
    return f"looks like {escape(shot.video.name, 60)} at {clock(time_ms)}"
