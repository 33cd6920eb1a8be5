"""Query pictures: handing them in, and showing the one that is searched with."""

import streamlit as st

from search.client import ApiError, ApiRefused
from ui.memory import empty_uploader, upload_key
from ui.place import Place
from ui.plain import clean, clock, escape
from ui.recovery import show_problem
from ui.state import State
from ui.waiting import wait_for

KINDS = ("jpg", "jpeg", "png", "webp", "gif", "bmp", "avif", "heic", "tif", "tiff")


def take_picture(place: Place, picture: bytes) -> State | None:
    """Hand a picture in; the state that searches with it, or None after saying why not."""
    try:
        kept = wait_for(lambda: place.api.upload(picture), "handing the picture in")
    except ApiRefused as error:
        show_problem(error)
        return None
    return place.state.ask(picture=kept.id, like="")


def show_uploader(place: Place) -> None:
    """A place to drop a picture on; searches with it at once."""
    file = st.file_uploader("A picture to search with", KINDS, key=upload_key())
    st.caption("or paste one anywhere on the page with Ctrl V")
    if file is None:
        return
    state = take_picture(place, file.getvalue())
    if state is not None:
        empty_uploader()
        place.stay(state)


def show_chips(place: Place) -> None:
    """What is searched with besides words, each with a way to drop it."""
    state = place.state
    if state.picture:
        with _chip("picture"):
            _show_query_picture(place)
            st.caption("looks like this picture", width="content")
            if st.button("drop the picture", icon=":material/close:", type="tertiary"):
                place.stay(state.ask(picture=""))
    if state.like:
        with _chip("like"):
            st.caption(_show_moment(place), width="content")
            if st.button("drop the moment", icon=":material/close:", type="tertiary"):
                place.stay(state.ask(like=""))


def _chip(name: str) -> "st.delta_generator.DeltaGenerator":
    return st.container(
        key=f"chip-{name}", horizontal=True, vertical_alignment="center", width="content"
    )


def _show_query_picture(place: Place) -> None:
    try:
        picture = place.api.query_picture(place.state.picture)
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
