"""What the page says when there is no answer, and how it comes back by itself.

Every screen runs inside `run_screen`: what goes wrong becomes a calm message with the next step,
never a traceback. Knows no screen.
"""

import re
import sys
import traceback
from collections.abc import Callable

import streamlit as st

from analyzers.error import ShotseekError
from search.client import ApiFailed, ApiRefused, ApiUnreachable
from ui.api import Api
from ui.place import Place, Screen
from ui.plain import code, escape

_FOR_PROGRAMS = re.compile(r"\b(GET|POST|PUT|DELETE) /|as the detail says")
EVERY_S = 2.0
SOON = "This page goes on by itself."


def run_screen(screen: Screen, place: Place) -> None:
    """Show a screen, or what is in its way."""
    try:
        screen(place)
    except ApiUnreachable as error:
        _show_unreachable(place.api, error)
    except ApiRefused as error:
        _show_refused(place.api, error)
    except ApiFailed as error:
        _say(st.error, "What answers there is no shotseek API.", escape(str(error)))
        _offer_retry(place.api)
    except ShotseekError as error:
        _say(st.error, "The page cannot ask.", escape(str(error)))
        _offer_retry(place.api)
    except Exception as error:
        # The reason belongs to the operator; it may hold what no browser should see.
        sys.stderr.write(traceback.format_exc())
        _say(st.error, "This screen failed.", f"{type(error).__name__}: the page's log says more.")
        _offer_retry(place.api)


def show_problem(error: ApiRefused) -> None:
    """A question that the API refuses, with what to do about it."""
    problem = error.problem
    # Hints that name routes, or only point at the detail, are for those who write programs.
    useful = problem.hint and not _FOR_PROGRAMS.search(problem.hint)
    hint = f"What to do: {escape(problem.hint)}" if useful else ""
    # The command line's word for a filter has two dashes.
    _say(st.warning, escape(problem.detail.removeprefix("--")), hint)


def is_question(error: ApiRefused) -> bool:
    """Whether what was asked is to blame: then the widgets stay, and the hint stands by them."""
    return error.status in (400, 404, 409, 410, 413, 415, 422)


def show_empty(api: Api, folder: str) -> None:
    """A collection without videos, until there are some."""
    _say(
        st.info,
        "This collection has no videos yet.",
        f"Fill it with {code('shotseek index VIDEOS --collection ' + (folder or 'DIR'))}. {SOON}",
    )
    _poll(api, lambda: _has_generation(api))


def _show_unreachable(api: Api, error: ApiUnreachable) -> None:
    if api.probe() is not None:
        _say(
            st.warning,
            "The API is there, but its answer took too long.",
            f"{escape(str(error))}. Ask for less, or try again.",
        )
        _offer_retry(api)
        return
    _say(
        st.warning,
        f"Nothing answers at {code(api.url)}.",
        f"Start it with {code('shotseek serve --collection DIR')}. {SOON}",
    )
    _poll(api, lambda: api.probe() is not None)


def _show_refused(api: Api, error: ApiRefused) -> None:
    if error.status in (401, 403):
        known = "another token than the page's" if api.has_token else "a token"
        _say(
            st.error,
            f"The API at {code(api.url)} asks for {known}.",
            f"Start the page with {code('shotseek ui --token-file FILE')}: the file of the API.",
        )
        _offer_retry(api)
    elif error.status == 503 and not _has_generation(api):
        _say(
            st.info,
            "The search files are being made, or are not made yet.",
            "They come at the end of indexing; if nobody is at it: "
            f"{code('shotseek rebuild --collection DIR')}. {SOON}",
        )
        _poll(api, lambda: _has_generation(api))
    else:
        show_problem(error)
        _offer_retry(api)


def _has_generation(api: Api) -> bool:
    health = api.probe()
    return health is not None and health.generation is not None


def _say(box: Callable[[str], object], first: str, then: str) -> None:
    """Show what is and what to do about it, both in Markdown."""
    box(f"**{first}**  \n{then}" if then else f"**{first}**")


def _offer_retry(api: Api) -> None:
    if st.button("Try again", key="retry"):
        api.forget()
        st.rerun()


def _poll(api: Api, is_back: Callable[[], bool]) -> None:
    @st.fragment(run_every=EVERY_S)
    def look() -> None:
        if is_back():
            api.forget()
            st.rerun()
        st.caption("waiting\u2026")

    look()
