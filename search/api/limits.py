"""Limits how many queries are answered at the same time. Knows no routes.

Who waits for a turn holds no thread.
"""

import time
from collections.abc import AsyncIterator
from typing import Annotated

import anyio
from fastapi import Depends, Request

from search.api.problem import RETRY, Refused
from search.api.serving import Serving, ServingDep

OTHER_THREADS = 40  # for what is no query


class Turns:
    """The turns of one running server."""

    def __init__(self, serving: Serving) -> None:
        self.queries = anyio.Semaphore(serving.settings.queries)
        self.threads = OTHER_THREADS + serving.settings.queries


async def _take_turn(request: Request, serving: ServingDep) -> AsyncIterator[None]:
    """Wait for a turn; a query that waits as long as it may run is refused."""
    turns: Turns = request.app.state.turns
    try:
        with anyio.fail_after(serving.settings.query_seconds):
            await turns.queries.acquire()
    except TimeoutError:
        raise Refused(503, "too many queries at once", "try again soon", RETRY) from None
    began = time.perf_counter()
    try:
        yield
    finally:
        turns.queries.release()
        request.app.state.metrics.searched(time.perf_counter() - began)


# scope: the turn ends with the work, not with the reading of the answer, which may be slow.
QueryTurnDep = Annotated[None, Depends(_take_turn, scope="function")]
