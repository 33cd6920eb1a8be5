"""The screen of the collection: what is indexed, how it went, what it takes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from search.wire import CollectionStatus
from ui.components import show_grid
from ui.memory import put_widgets, when_changed, widget, widget_value
from ui.place import Place
from ui.plain import clean, escape, moment, size
from ui.recovery import show_empty
from ui.screens.following import follow
from ui.tiles import tiles_of_videos
from ui.waiting import wait_for

PAGE = 200  # videos shown at once
LONG, LONG_PX = 9, 350  # rows from which a table scrolls, and how high it then is
STATES = {
    "ready": "can be searched",
    "unbuilt": "not searchable yet: the search files are being made, or run shotseek rebuild",
}


def show_collection(place: Place) -> None:
    """Show the collection's state, and its videos."""
    status = wait_for(place.api.collection, "asking the API")
    _show_numbers(status)
    if status.state == "empty":
        show_empty(place.api, status.name)
    _show_state(status)
    _show_failures(status)
    if status.videos:
        _show_videos(place, status.videos)


def _show_numbers(status: CollectionStatus) -> None:
    st.markdown(f"##### {escape(status.name)}")
    numbers = {
        "videos": f"{status.videos:,}",
        "hours": f"{status.hours:,.1f}",
        "shots": f"{status.shots:,}",
        "keyframes": f"{status.keyframes:,}",
        "failures": f"{len(status.failures):,}",
        "on disk": size(sum(status.bytes.values())) if status.bytes else "counting",
    }
    with st.container(horizontal=True, gap="large"):
        for name, value in numbers.items():
            st.metric(name, value, width="content")


def _show_state(status: CollectionStatus) -> None:
    said = STATES.get(status.state, status.state)
    made = status.generation
    if made is not None:
        fresh = "up to date" if made.fresh else "older than the collection: being made anew"
        said = f"{said} \u00b7 search files made {moment(made.created)}, {fresh}"
    said = f"{said} \u00b7 collection {status.id} \u00b7 shotseek {status.version}"
    st.caption(escape(said, 900))
    for note in status.notes:
        st.caption(escape(note))
    analyzers, spaces, sizes = st.columns([3, 2, 2], gap="medium")
    with analyzers:
        _table("Analyzers, in videos", [one.to_json() for one in status.analyzers])
    with spaces:
        _table("Models", [one.to_json() for one in status.spaces])
    with sizes:
        rows = sorted(status.bytes.items(), key=lambda one: -one[1])
        sized = [{"part": name, "size": size(count)} for name, count in rows]
        _table("Sizes", sized, "being counted: come back in a moment")


def _show_failures(status: CollectionStatus) -> None:
    if status.failures:
        _table("Files that could not be indexed", [one.to_json() for one in status.failures])


def _table(title: str, rows: Sequence[Mapping[str, object]], none: str = "none yet") -> None:
    st.caption(title)
    if not rows:
        st.caption(none)
        return
    shown = [
        {key: clean(value) if isinstance(value, str) else value for key, value in row.items()}
        for row in rows
    ]
    st.dataframe(shown, hide_index=True, height=LONG_PX if len(shown) > LONG else "content")


def _show_videos(place: Place, count: int) -> None:
    put_widgets({"name": place.state.name})
    st.text_input(
        "Videos",
        key=widget("name"),
        placeholder=f"part of the name of one of {count:,} videos",
        label_visibility="collapsed",
        icon=":material/filter_list:",
        on_change=when_changed(
            lambda: replace(place.state, name=clean(widget_value("name", ""), 500))
        ),
    )
    found = wait_for(lambda: place.api.videos(place.state.name, PAGE, 0), "listing the videos")
    if not found.videos:
        st.info("No video has a name with this in it.")
        return
    if found.total > len(found.videos):
        st.caption(f"the first {len(found.videos):,} of {found.total:,}: type a part of a name")
    tiles = tiles_of_videos(found.videos, place.api)
    event = show_grid(tiles, grouped=False, selected=None, key="videos")
    if event is not None:
        follow(place, event, {tile.id: tile.time_ms for tile in tiles})
