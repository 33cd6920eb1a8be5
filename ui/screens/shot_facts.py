"""Everything that is known of a shot and its video, as links that find more, and as tables."""

import re
from collections.abc import Iterable, Sequence

import streamlit as st

from search.wire import LabelFound, ShotDetails, VideoDetails, Wire, WordsFound
from ui.filters import label_filter, words_filter
from ui.place import Place
from ui.plain import clean, clock, escape, size
from ui.state import State

MOST_WORDS, MOST_LABELS = 40, 60
LONG, LONG_PX = 9, 350  # rows from which a table scrolls, and how high it then is
SAID = {
    "said": "Said",
    "subtitle": "Subtitles",
    "read": "Read",
    "caption": "Captions",
    "title": "Title",
}
TECHNICAL = ("codec", "container")


def show_known(place: Place, shot: ShotDetails) -> None:
    """Words and labels, each a link to a search for it."""
    words = [one for one in shot.words if not _is_name(one, shot)]
    for kind in sorted({one.kind for one in words}, key=_order):
        _show_words(place, kind, [one for one in words if one.kind == kind])
    _show_labels(place, shot.labels)
    if not words and not shot.labels:
        st.caption("Nothing was read, said or labelled here.")


def _order(kind: str) -> tuple[int, str]:
    return list(SAID).index(kind) if kind in SAID else len(SAID), kind


def _is_name(one: WordsFound, shot: ShotDetails) -> bool:
    """Whether it only says again what the file is called."""
    return one.kind == "title" and says_name(one.text, shot.video.name)


def says_name(title: str, name: str) -> bool:
    """Whether a title is only the file's name, as analyzers tidy it."""
    told, named = (re.sub(r"[\W_]+", "", text) for text in (title, name))
    return named.startswith(told)


def _show_words(place: Place, kind: str, words: Sequence[WordsFound]) -> None:
    st.caption(escape(SAID.get(kind, kind)))
    with st.container(height=190 if len(words) > 6 else "content", border=False, gap=None):
        for one in words[:MOST_WORDS]:
            where = words_filter(one.kind, one.text)
            label = f"{clock(one.start_ms)}  {clean(one.text, 200)}"
            if where:
                place.link(label, State(where=(where,)), help="search for these words")
            else:
                st.text(label)
    if len(words) > MOST_WORDS:
        st.caption(f"and {len(words) - MOST_WORDS} more, under Details")


def _show_labels(place: Place, labels: Sequence[LabelFound]) -> None:
    best: dict[str, float] = {}
    for one in labels:
        best[one.name] = max(best.get(one.name, 0.0), one.score)
    if not best:
        return
    st.caption("Labels")
    ranked = sorted(best, key=lambda name: (name.partition("/")[0] in TECHNICAL, -best[name], name))
    with st.container(horizontal=True, key="links-labels", gap="small"):
        for name in ranked[:MOST_LABELS]:
            sure = f" {best[name]:.2f}" if best[name] < 1 else ""
            place.link(
                f"{clean(name, 60).removeprefix('colour/')}{sure}",
                State(where=(label_filter(name),)),
                help="search for this label",
            )
    if len(ranked) > MOST_LABELS:
        st.caption(f"and {len(ranked) - MOST_LABELS} more, under Details")


def show_details(shot: ShotDetails, video: VideoDetails) -> None:
    """Tables of everything."""
    left, right = st.columns(2, gap="medium")
    with left:
        _show_video(video)
        _show_table("Analyzers", video.runs, ("analyzer", "version", "state", "reason"))
        _show_table("Measures", shot.measures, ("name", "value", "unit", "analyzer"))
        _show_table("Keyframes", shot.keyframes, ("time_ms", "start_ms", "end_ms", "sharpness"))
    with right:
        _show_table("Words", shot.words, ("kind", "text", "start_ms", "end_ms", "score"))
        _show_table("Labels", shot.labels, ("name", "score", "start_ms", "end_ms", "analyzer"))
        _show_table("Relations", shot.relations, ("subject", "predicate", "object", "score"))
        _show_table("Tracks", shot.tracks, ("id", "kind", "start_ms", "end_ms", "points"))


def _show_video(video: VideoDetails) -> None:
    facts = {
        "id": video.id,
        "length": clock(video.duration_ms),
        "picture": f"{video.width} \u00d7 {video.height}, {video.fps:g} per second",
        "coded as": f"{video.codec} in {video.format}",
        "size": size(video.size_bytes),
        "made": video.date,
        **video.tags,
        **{f"warning {number}": text for number, text in enumerate(video.warnings, 1)},
    }
    rows = [{"": clean(key, 60), "the video": clean(value, 300)} for key, value in facts.items()]
    st.dataframe(rows, hide_index=True, height="content")


def _show_table(title: str, rows: Iterable[Wire], names: Sequence[str]) -> None:
    table = [{_head(name): _cell(name, getattr(row, name)) for name in names} for row in rows]
    if not table:
        return
    st.caption(title)
    st.dataframe(table, hide_index=True, height=LONG_PX if len(table) > LONG else "content")


def _head(name: str) -> str:
    return name.removesuffix("_ms").replace("_", " ")


def _cell(name: str, value: object) -> object:
    if name.endswith("_ms") and isinstance(value, int):
        return clock(value)
    if isinstance(value, float):
        return round(value, 4)
    return clean(value) if isinstance(value, str) else value
