"""Waits for an answer without leaving the person alone. Knows no API.

Short waits show nothing; then comes a spinner, after some seconds a line that says so. Long or
short, a wait takes the same place on the page: Streamlit tells boxes, popovers and grids from
each other by where they stand, and one that moves loses what is typed, open or played in it.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Unfinished
from typing import TypeVar

import streamlit as st

Answer = TypeVar("Answer")
QUIET_S, LONG_S, TICK_S = 0.2, 5.0, 0.5


def wait_for(ask: Callable[[], Answer], doing: str) -> Answer:
    """The answer, or the error, of what is asked in a thread of its own.

    Args:
        ask: touches no Streamlit.
        doing: what is waited for, such as "searching".
    """
    place = st.empty()
    future: Future[Answer] = Future()
    # A daemon: a page that is told to stop waits for no answer.
    threading.Thread(target=_fulfil, args=(future, ask), daemon=True).start()
    try:
        return future.result(QUIET_S)
    except Unfinished:
        if future.done():  # the answer itself is a timeout
            return future.result()
    began = time.monotonic()
    try:
        with place.container(), st.spinner(f"{doing}\u2026"):
            return _watch(future, st.empty().caption, began)
    finally:
        place.empty()


def _watch(future: Future[Answer], say: Callable[[str], object], began: float) -> Answer:
    while not future.done():
        try:
            return future.result(TICK_S)
        except Unfinished:
            passed = time.monotonic() - began
        if passed >= LONG_S:
            # Every word to the browser is also a chance for a newer run to take over.
            say(f"still waiting for the API ({passed:.0f} s)")
    return future.result()


def _fulfil(future: "Future[Answer]", ask: Callable[[], Answer]) -> None:
    try:
        future.set_result(ask())
    except BaseException as error:
        future.set_exception(error)
