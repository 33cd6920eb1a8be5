"""Puts the server together: routes, errors, guards. Knows no query."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.types import ASGIApp

from search.api import problem
from search.api.document import write_document
from search.api.guard import guard
from search.api.limits import Turns
from search.api.metrics import Metrics, MetricsGuard
from search.api.overview import find_version
from search.api.routes import (
    collection,
    media,
    metrics,
    names,
    persons,
    pictures,
    search,
    videos,
)
from search.api.serving import Serving


def make_app(serving: Serving) -> ASGIApp:
    """The ASGI application that answers for one collection, behind its guards."""
    api = make_api(serving)
    return MetricsGuard(guard(api, serving), api.state.metrics)


def make_api(serving: Serving) -> FastAPI:
    """The routes alone."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        from anyio.to_thread import current_default_thread_limiter

        current_default_thread_limiter().total_tokens = app.state.turns.threads
        serving.current.start()
        yield
        serving.close()

    app = FastAPI(
        title="shotseek",
        summary="Find moments in video.",
        version=find_version(),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_name,
        lifespan=lifespan,
    )
    app.state.serving = serving
    app.state.turns = Turns(serving)
    app.state.metrics = Metrics(serving)
    problem.install(app)
    for part in (search, videos, persons, names, collection, pictures, media, metrics):
        app.include_router(part.router)
    app.openapi_schema = write_document(app.openapi(), with_token=serving.token is not None)
    return app


def _name(route: APIRoute) -> str:
    """The id of an operation: the function's name."""
    return route.name
