"""The screen of one shot: the film at its second, its neighbours, everything that is known."""

from urllib.parse import urlsplit

import streamlit as st

from search.client import ApiRefused
from search.wire import ShotDetails, ShotSummary, VideoDetails
from ui.components import PlayerData, show_grid, show_player, show_strip
from ui.memory import remember_opened
from ui.place import Place
from ui.plain import clean, clock, escape
from ui.recovery import is_question, show_problem
from ui.screens.following import follow
from ui.screens.shot_facts import says_name, show_details, show_known
from ui.screens.shot_people import show_people
from ui.screens.shot_sights import show_sights
from ui.state import State
from ui.tiles import tiles_of_shots
from ui.waiting import wait_for


def show_shot(place: Place) -> None:
    """Show the shot that the address names."""
    id = place.state.shot
    if not id:
        st.info("No shot is named in the address: search for one, or pick a video.")
        return
    try:
        shot = wait_for(lambda: place.api.shot(id), "fetching the shot")
        video = wait_for(lambda: place.api.video(shot.video.id), "fetching the video")
    except ApiRefused as error:
        if not is_question(error):
            raise
        show_problem(error)
        _show_ways_on(place)
        return
    remember_opened(shot.id)
    film, facts = st.columns([3, 2], gap="medium")
    with film:
        _show_film(place, shot)
    with facts, st.container(key="facts", gap="small"):
        _show_head(place, shot, video)
        show_sights(place, shot)
        show_people(place, shot)
        show_known(place, shot)
    st.caption("The shots around it")
    _show_neighbours(place, shot)
    _show_video(place, shot, video)


def _show_ways_on(place: Place) -> None:
    with st.container(horizontal=True, key="links-on", gap="small"):
        if place.state.asks:
            place.link("back to the results", place.state.look(""))
        place.link("all videos", State(), "collection")


def _show_film(place: Place, shot: ShotDetails) -> None:
    media, address = shot.media, place.api.address
    data = PlayerData(
        play=address(media.play),
        clip=address(media.clip),
        picture=address(media.picture),
        time_ms=_moment(place.state, shot),
        play_from_ms=media.play_from_ms,
        clip_from_ms=media.clip_from_ms,
        title=clean(shot.video.name, 200),
    )
    event = show_player(data, key="player")
    if event is None:
        return
    way = shot.after[:1] if event.go == "next" else shot.before[-1:]
    for neighbour in way:
        place.stay(place.state.look(neighbour.id))
    st.toast("this is the last shot" if event.go == "next" else "this is the first shot")


def _moment(state: State, shot: ShotSummary) -> int:
    """Where to start; a time outside the shot has no place in its clip."""
    time_ms = state.time_ms
    if time_ms is None or not shot.start_ms <= time_ms < shot.end_ms:
        return shot.time_ms
    return time_ms


def _show_head(place: Place, shot: ShotDetails, video: VideoDetails) -> None:
    state = place.state
    st.markdown(f"##### {escape(shot.video.name, 200)}")
    if shot.video.title and not says_name(shot.video.title, shot.video.name):
        st.text(clean(shot.video.title, 200))
    span = f"{clock(shot.start_ms)} \u2013 {clock(shot.end_ms)}"
    length = (shot.end_ms - shot.start_ms) / 1000
    st.caption(f"{span} \u00b7 {length:.1f} s \u00b7 shot {shot.number + 1} of {video.shot_count}")
    with st.container(horizontal=True, key="actions", vertical_alignment="center", gap="small"):
        if state.asks:
            place.link("back to the results", state, icon=":material/arrow_back:")
        like = f"{shot.video.id}@{_moment(state, shot) / 1000:g}"
        place.link("more like this", State(like=like), icon=":material/image_search:")
        with st.popover("Share", icon=":material/share:", type="tertiary"):
            st.caption("The address of this moment")
            here = State(shot=shot.id, time_ms=_moment(state, shot))
            st.code(place.whole_address(here, "shot"), language=None, wrap_lines=True)
        st.link_button(
            "Download", _download(place, shot), icon=":material/download:", type="tertiary"
        )


def _download(place: Place, shot: ShotDetails) -> str:
    clip = place.api.address(shot.media.clip)
    return f"{clip}{'&' if urlsplit(clip).query else '?'}download=1"


def _show_neighbours(place: Place, shot: ShotDetails) -> None:
    near = [*shot.before, shot, *shot.after]
    tiles = tiles_of_shots(near, shot.video, place.api)
    event = show_strip(tiles, current=shot.id, key="neighbours")
    if event is not None:
        follow(place, event, {one.id: one.time_ms for one in near})


def _show_video(place: Place, shot: ShotDetails, video: VideoDetails) -> None:
    near = 1 + len(shot.before) + len(shot.after)
    if len(video.shots) > near:
        shots, details = st.tabs([f"All {len(video.shots):,} shots of the video", "Details"])
        with shots:
            _show_shots(place, video)
    else:
        details = st.tabs(["Details"])[0]
    with details:
        show_details(shot, video)


def _show_shots(place: Place, video: VideoDetails) -> None:
    tiles = tiles_of_shots(video.shots, video, place.api)
    event = show_grid(tiles, grouped=False, selected=None, key="shots")
    if event is not None:
        follow(place, event, {one.id: one.time_ms for one in video.shots})
