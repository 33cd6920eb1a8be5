"""What the server does, for Prometheus."""

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse

router = APIRouter(tags=["collection"])


@router.get("/metrics", response_class=PlainTextResponse)
def get_metrics(request: Request) -> PlainTextResponse:
    """Counters and gauges in the text format of Prometheus."""
    return PlainTextResponse(
        request.app.state.metrics.write(), media_type="text/plain; version=1.0.0; charset=utf-8"
    )
