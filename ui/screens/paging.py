"""Pages of a long list: which one is shown, and the ways to those before and after."""

from dataclasses import replace

import streamlit as st

from ui.place import Place


def find_offset(place: Place, size: int) -> int:
    """How many stand before the page that the address names."""
    return (place.state.page - 1) * size


def go_to_last(place: Place, total: int, size: int) -> None:
    """Where the address names a page behind the last one, go to that; for an empty page."""
    last = max(1, -(-total // size))
    if place.state.page > last:
        place.stay(replace(place.state, page=last))


def say_which(place: Place, total: int, size: int) -> str:
    """Which of all are shown, such as `301-600 of 812`; all: only how many."""
    if total <= size:
        return f"{total:,}"
    first = find_offset(place, size)
    return f"{first + 1:,}\u2013{min(first + size, total):,} of {total:,}"


def show_pages(place: Place, total: int, size: int, where: str) -> None:
    """Links to the pages before and after.

    Args:
        place: whose state tells the page.
        total: of all pages.
        size: of a page.
        where: on the screen; told apart by it.
    """
    page, last = place.state.page, -(-total // size)
    with st.container(horizontal=True, key=f"links-pages-{where}", gap="small"):
        if page > 1:
            _link(place, f"page {page - 1}", page - 1, ":material/arrow_back:")
        if page < last:
            _link(place, f"page {page + 1} of {last:,}", page + 1, ":material/arrow_forward:")


def _link(place: Place, label: str, page: int, icon: str) -> None:
    place.link(label, replace(place.state, page=page), place.screen, icon=icon)
