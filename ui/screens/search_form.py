"""What is asked, as widgets; what they show is the address, what they change becomes it."""

import re
from collections.abc import Callable
from typing import TypeAlias

import streamlit as st

from search.client import ApiError
from ui.filters import asks_who_does
from ui.memory import put_widgets, take_trouble, when_changed, widget, widget_value
from ui.place import Place
from ui.plain import clean, escape
from ui.screens.query_picture import show_chips, show_face_uploader, show_uploader
from ui.state import MOST_FILTERS, MOST_STAGES, STEPS, State

Change: TypeAlias = Callable[[], None]
GROUPS = {"none": "by rank", "video": "by video"}
SORTS = {"score": "best first", "time": "in time"}
FOLDS = {
    "": "all shown",
    "0.99": "folded if nearly the same (0.99)",
    "0.95": "folded if alike (0.95)",
}
FOLDING = (
    "The first of them stays and shows how many are folded under it, such as +3; *more like this* "
    "finds them. Start with *nearly the same*: *alike* suits large spaces such as CLIP's, in small "
    "ones such as the demonstration's it also folds different films."
)
EXTENSIONS = {
    "capped": "up to the best of them",
    "published": "as published: beyond it, too",
    "off": "not at all",
}
PLACEHOLDER = "what the picture shows, such as: a dog on a beach"
THEN = "then, a little later, such as: a wave breaks"
_UNIT = re.compile(r"\s*(s|secs?|seconds?)\.?$", re.IGNORECASE)
FILTERS = "filters: pick one, or type KEY=VALUE and Enter, such as colour=red or said=harbour"


def show_form(place: Place) -> None:
    """Show the widgets of a search."""
    state = place.state
    put_widgets(_shown(state))
    change = when_changed(lambda: _read_widgets(state))
    with st.container():  # may grow by a row: what stands below keeps its place
        _show_words(state, change)
    with st.container(horizontal=True, vertical_alignment="center", key="form-row"):
        _show_filters(place, change)
        with st.popover("Picture", icon=":material/image:"):
            show_uploader(place)
        with st.popover("Face", icon=":material/face:"):
            show_face_uploader(place)
        _show_listing(change)
        with st.container(key="checks", width="content"):  # what stands behind keeps its place
            if any(map(asks_who_does, state.where)):
                _show_checks(change)
    with st.container(horizontal=True, key="chips"):
        show_chips(place)
    trouble = take_trouble()
    if trouble:
        st.warning(escape(trouble))


def _shown(state: State) -> dict[str, object]:
    stages = {f"then.{number}": _stage(state, number) for number in range(_stage_count(state))}
    return {
        "text": state.text,
        "within": state.within,
        "where": list(state.where),
        "group": state.group,
        "sort": state.sort,
        "distinct": _cosine_shown(state),
        "k": state.k,
        "identity": state.identity,
        "gaps": state.gaps,
        "extension": state.extension,
        **stages,
    }


def _cosine_shown(state: State) -> str:
    return "" if state.distinct is None else str(state.distinct)


def _stage(state: State, number: int) -> str:
    return state.then[number] if number < len(state.then) else ""


def _stage_count(state: State) -> int:
    return min(max(1, len(state.then) + 1), MOST_STAGES)


def _read_widgets(state: State) -> State:
    stages = [
        widget_value(f"then.{number}", _stage(state, number))
        for number in range(_stage_count(state))
    ]
    cosine = widget_value("distinct", _cosine_shown(state))
    return state.ask(
        text=clean(widget_value("text", state.text), 2000),
        then=tuple(filter(None, (clean(stage, 2000) for stage in stages))),
        within=_seconds(widget_value("within", state.within)),
        where=tuple(dict.fromkeys(clean(one) for one in widget_value("where", state.where))),
        group=widget_value("group", state.group) or state.group,
        sort=widget_value("sort", state.sort) or state.sort,
        distinct=float(cosine) if cosine else None,
        k=widget_value("k", state.k),
        identity=bool(widget_value("identity", state.identity)),
        gaps=bool(widget_value("gaps", state.gaps)),
        extension=widget_value("extension", state.extension) or state.extension,
    )


def _seconds(typed: str) -> str:
    return _UNIT.sub("", typed.strip()).replace(",", ".")


def _show_words(state: State, change: Change) -> None:
    first, second, third = st.columns([6, 5, 1.4], gap="small")
    first.text_input(
        "Search",
        key=widget("text"),
        placeholder=PLACEHOLDER,
        label_visibility="collapsed",
        icon=":material/search:",
        on_change=change,
    )
    second.text_input(
        "Then",
        key=widget("then.0"),
        placeholder=THEN,
        label_visibility="collapsed",
        icon=":material/arrow_forward:",
        on_change=change,
    )
    third.text_input(
        "Within seconds",
        key=widget("within"),
        placeholder="within \u2026 s",
        label_visibility="collapsed",
        help="How many seconds may lie between; empty: in one of the next four shots.",
        on_change=change,
    )
    rest = range(1, _stage_count(state))
    for column, number in zip(st.columns(3) if rest else (), rest, strict=False):
        column.text_input(
            f"Then {number + 1}",
            key=widget(f"then.{number}"),
            placeholder="and then",
            label_visibility="collapsed",
            icon=":material/arrow_forward:",
            on_change=change,
        )


def _show_filters(place: Place, change: Change) -> None:
    try:
        counts = {one.where: one.count for one in place.api.suggestions()}
    except ApiError:
        counts = {}  # typing still works; the search says what is wrong
    options = [clean(where) for where in counts]
    st.multiselect(
        "Filters",
        list(dict.fromkeys([*options, *place.state.where])),
        key=widget("where"),
        format_func=lambda one: f"{one} ({counts[one]})" if one in counts else one,
        placeholder=FILTERS,
        accept_new_options=True,
        max_selections=MOST_FILTERS,  # else Streamlit offers to select all, which finds nothing
        label_visibility="collapsed",
        on_change=change,
    )


def _show_checks(change: Change) -> None:
    """How who does what is told, of a filter `does=PERSON: ACTION`."""
    with st.popover("Who does it", icon=":material/how_to_reg:"):
        st.toggle(
            "Only who acts counts (ICV)",
            key=widget("identity"),
            help="A face counts as far as it lies in the box of who acts; off: whoever is in the "
            "picture counts.",
            on_change=change,
        )
        st.toggle(
            "Gaps within a shot are filled in (DTE)",
            key=widget("gaps"),
            help="What was missed between two moments is reckoned from them.",
            on_change=change,
        )
        st.selectbox(
            "Shots are lifted by better ones near them (DTE)",
            list(EXTENSIONS),
            format_func=EXTENSIONS.__getitem__,
            key=widget("extension"),
            on_change=change,
        )


def _show_listing(change: Change) -> None:
    with st.popover("Listing", icon=":material/tune:"):
        st.segmented_control(
            "Hits stand",
            list(GROUPS),
            format_func=GROUPS.__getitem__,
            key=widget("group"),
            on_change=change,
        )
        st.segmented_control(
            "Order",
            list(SORTS),
            format_func=SORTS.__getitem__,
            key=widget("sort"),
            on_change=change,
        )
        cosine = widget_value("distinct", "")
        st.selectbox(
            "Hits that look the same",
            list(dict.fromkeys([*FOLDS, cosine])),
            format_func=lambda one: FOLDS.get(one, f"folded from a cosine of {one} on"),
            key=widget("distinct"),
            help=FOLDING,
            on_change=change,
        )
        now = widget_value("k", STEPS[0])
        st.selectbox("Hits on the page", sorted({*STEPS, now}), key=widget("k"), on_change=change)
