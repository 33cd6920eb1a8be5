"""Counts what the server does, for Prometheus. Knows no query; routes by their templates only."""

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from analyzers.error import ShotseekError

if TYPE_CHECKING:
    from search.api.serving import Serving

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
DOCUMENT = "/openapi.json"
UNMATCHED = "unmatched"  # addresses that are no route: what people type bounds nothing
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The metrics of one application."""

    def __init__(self, serving: "Serving") -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "shotseek_requests",
            "Answers by route, method and status.",
            ("route", "method", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "shotseek_request_seconds",
            "From a request to the end of its answer.",
            ("route",),
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._search = Histogram(
            "shotseek_search_seconds",
            "Of one query, without waiting for its turn.",
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._registry.register(_State(serving))
        ProcessCollector(registry=self._registry)

    def searched(self, seconds: float) -> None:
        """Note how long a query took."""
        self._search.observe(seconds)

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """Note an answer."""
        known = method if method in METHODS else "other"
        self._requests.labels(route, known, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def write(self) -> bytes:
        """All of them in the text format."""
        return generate_latest(self._registry)


class MetricsGuard:
    """Notes every answer."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and note what came back."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        began, status = time.perf_counter(), 0

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        finally:
            route = getattr(scope.get("route"), "path_format", None)
            if route is None:
                route = scope["path"] if scope["path"] == DOCUMENT else UNMATCHED
            self._metrics.answered(route, scope["method"], status, time.perf_counter() - began)


class _State(Collector):
    """What is so at the moment, looked up when it is asked for."""

    def __init__(self, serving: "Serving") -> None:
        self._serving = serving

    def describe(self) -> Iterable[Metric]:
        """Nothing is looked up to register."""
        return []

    def collect(self) -> Iterable[Metric]:
        """Of the search files, the clips and the pictures."""
        yield from self._of_generation()
        clips = self._serving.clips
        yield GaugeMetricFamily(
            "shotseek_transcodes_running", "Clips being made, or waited for.", clips.running
        )
        yield CounterMetricFamily("shotseek_transcodes", "Clips made.", clips.made)
        kept = self._serving.pictures.count()
        yield GaugeMetricFamily("shotseek_pictures", "Query pictures that are kept.", kept)

    def _of_generation(self) -> Iterable[Metric]:
        try:
            engine = self._serving.current.get()
        except ShotseekError:
            return
        layout = engine.layout
        for name, told, value in (
            ("generation_revision", "Of the search files.", engine.generation.revision),
            ("videos", "In the search files.", len(layout.videos)),
            ("shots", "In the search files.", len(layout.shots)),
            ("keyframes", "In the search files, boxes included.", layout.n),
        ):
            yield GaugeMetricFamily(f"shotseek_{name}", told, value)
