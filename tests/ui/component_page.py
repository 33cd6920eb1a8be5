"""A page that shows the components alone; `?show=grid|player|keys` says which.

Streamlit runs it. Pictures and videos come from the address in $COMPONENT_MEDIA.
"""

import dataclasses
import os

import streamlit as st

from ui.components import PlayerData, Tile, listen_keys, show_grid, show_player, show_strip

HOSTILE = "<img src=x onerror=alert(1)>"
WHYS = ("looks like: a boat on a river", "reads: HARBOUR 1936", "says: we sail at dawn", "")


def tiles(count: int, signature: int) -> list[Tile]:
    media = os.environ["COMPONENT_MEDIA"]
    return [
        Tile(
            id=f"video{number % 7}@{number}",
            rank=number + 1,
            score=0.92 - number * 0.004,
            picture=f"{media}/pictures/{number}.jpg?signature={signature}",
            play=f"{media}/videos/{'broken' if number == 4 else 'film'}.mp4?tile={number}",
            play_from_ms=0,
            start_ms=2000,
            end_ms=3000,
            time_ms=2400,
            video=HOSTILE if number == 3 else f"film {number % 7} about ships.mp4",
            video_id=f"video{number % 7}",
            why=HOSTILE if number == 3 else WHYS[number % 4],
            badge="2 words" if number % 5 == 1 else "",
        )
        for number in range(count)
    ]


def grid() -> None:
    runs = st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    st.text_input("Search", key="search")
    st.button("again")
    count = int(st.query_params.get("count", "200"))
    rows = tiles(count, runs)
    if st.toggle("fewer"):
        rows = rows[1::2]
    if "wait" in st.query_params and runs == 1:
        rows = []
    selected = st.query_params.get("selected")
    event = show_grid(rows, grouped=st.toggle("grouped"), selected=selected, key="grid")
    if event:
        st.session_state["event"] = f"{event.action} {event.id}"
    with st.sidebar:
        st.text(f"run {runs}")
        st.text(f"event {st.session_state.get('event', 'none')}")


def player() -> None:
    media = os.environ["COMPONENT_MEDIA"]
    video = PlayerData(
        play=f"{media}/videos/{st.query_params.get('play', 'film')}.mp4",
        clip=f"{media}/videos/{st.query_params.get('clip', 'clip')}.mp4",
        picture=f"{media}/pictures/1.jpg",
        time_ms=2400,
        clip_from_ms=2000,
        title="film about ships.mp4",
    )
    if st.toggle("later"):
        video = dataclasses.replace(video, time_ms=4000)
    event = show_player(video, key="player")
    rows = [dataclasses.replace(tile, score=None, why="") for tile in tiles(40, 1)]
    opened = show_strip(rows, current=rows[20].id, key="strip")
    st.text_input("Search", key="search")
    if event or opened:
        st.session_state["event"] = f"{event or opened}"
    st.text(f"event {st.session_state.get('event', 'none')}")


def keys() -> None:
    st.text_input("Search", key="search")
    st.button("again")
    if st.toggle("hidden"):
        return
    show_grid(tiles(8, 1), grouped=False, selected=None, key="grid")
    if event := listen_keys(key="keys"):
        st.session_state["pasted"] = st.session_state.get("pasted", 0) + 1
        st.image(event.picture)
        st.text(f"pasted {event.name} {event.picture[:3].hex()}")
    st.text(f"pictures {st.session_state.get('pasted', 0)}")


st.set_page_config(layout="wide")
{"grid": grid, "player": player, "keys": keys}[st.query_params.get("show", "grid")]()
