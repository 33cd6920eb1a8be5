"""Says something of persons to the API, as screens do it: with a wait, and with what is wrong."""

from collections.abc import Callable
from typing import TypeVar

from search.client import ApiRefused
from search.client.persons import PersonsClient
from ui.place import Place
from ui.recovery import is_question, show_problem
from ui.waiting import wait_for

Answer = TypeVar("Answer")


def tell(
    place: Place, say: Callable[[PersonsClient], Answer], doing: str = "telling the API"
) -> Answer | None:
    """The answer; None where the API refuses, which is shown."""
    try:
        return wait_for(lambda: place.api.tell(say), doing)
    except ApiRefused as error:
        if not is_question(error):
            raise
        show_problem(error)
        return None
