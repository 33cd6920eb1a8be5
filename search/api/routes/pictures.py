"""Query pictures that are handed in."""

import re
from datetime import UTC, datetime

import anyio
from fastapi import APIRouter, Request
from starlette.responses import Response

from search.api.problem import Refused, documented
from search.api.serving import ServingDep, answer
from search.wire import PictureUploaded

router = APIRouter(tags=["pictures"])
FILE = {"schema": {"type": "string", "format": "binary"}}
BODY = {
    "required": True,
    "description": "A picture file as it is: JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF, ...",
    "content": {"application/octet-stream": FILE, "image/*": FILE},
}
TAKEN = re.compile(r"(image/[\w.+-]+|application/octet-stream|)\s*(;.*)?", re.I)


@router.post(
    "/v1/pictures",
    response_model=PictureUploaded,
    status_code=201,
    responses=documented(413, 415),
    openapi_extra={"requestBody": BODY},
)
async def keep_picture(serving: ServingDep, request: Request) -> Response:
    """Hand in a query picture; its id can be searched with until it expires."""
    given = request.headers.get("content-type", "")
    if not TAKEN.fullmatch(given.strip()):
        raise Refused(
            415,
            f"a picture is handed in as it is, not as {given[:100]}",
            "send the file's bytes as the body, with Content-Type: application/octet-stream",
        )
    data = await request.body()
    kept = await anyio.to_thread.run_sync(
        serving.pictures.keep, data, limiter=serving.picture_threads
    )
    uploaded = PictureUploaded(
        id=kept.id,
        expires_at=datetime.fromtimestamp(kept.expires, UTC).isoformat(),
        width=kept.width,
        height=kept.height,
        picture=serving.addresses.sign(f"/media/pictures/{kept.id}"),
    )
    return answer(uploaded, 201)
