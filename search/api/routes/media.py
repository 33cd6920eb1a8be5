"""Pictures, videos and clips, by id alone; parts of files by Range."""

import re
from pathlib import Path as FilePath
from typing import Annotated

import anyio
from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from indexer.records import Video
from search.api.crops import BOX, cut_picture, read_box
from search.api.problem import Refused, documented
from search.api.sending import Sent
from search.api.serving import CLIP_WAIT_S, Serving, ServingDep, ShotPlace
from search.clips.error import TooBusy
from search.clips.span import Span

PICTURE = re.compile(r"([0-9a-f]{8,64})@([0-9]{1,12})(\.small)?")
# By the end of the name. Browsers play what QuickTime holds if it is called MP4.
TYPES = {
    ".3gp": "video/3gpp",
    ".avi": "video/x-msvideo",
    ".flv": "video/x-flv",
    ".gif": "image/gif",
    ".m2ts": "video/mp2t",
    ".m4v": "video/mp4",
    ".mkv": "video/x-matroska",
    ".mov": "video/mp4",
    ".mp4": "video/mp4",
    ".mpeg": "video/mpeg",
    ".mpg": "video/mpeg",
    ".ogv": "video/ogg",
    ".ts": "video/mp2t",
    ".webm": "video/webm",
    ".wmv": "video/x-ms-wmv",
}
ANY = "application/octet-stream"
router = APIRouter(prefix="/media", tags=["media"])
Download = Annotated[bool, Query(description="Have the browser save it under a name.")]
VideoId = Annotated[str, Path(max_length=100, description="A video's id.")]
ShotId = Annotated[str, Path(max_length=100, description="VIDEO_ID@MS: any time in the shot.")]
PictureId = Annotated[
    str,
    Path(max_length=100, description="VIDEO_ID@MS, .small for lists; or a query picture's id."),
]
Part = Annotated[
    str | None,
    Query(pattern=BOX, description="x0,y0,x1,y1 in fractions of width and height: only this part."),
]
CUT_HEADERS = {"Cache-Control": "private, max-age=300", "X-Content-Type-Options": "nosniff"}


def _files(*types: str) -> dict[int | str, dict[str, object]]:
    """For OpenAPI: what is sent."""
    content = {one: {"schema": {"type": "string", "format": "binary"}} for one in types}
    return {
        200: {"description": "The file", "content": content},
        206: {"description": "The bytes that Range asked for", "content": content},
        304: {"description": "It is as it was"},
    }


FILM = documented(403, 404, 416, 503)


@router.get(
    "/pictures/{id}",
    responses={**_files("image/jpeg", "image/png"), **documented(403, 404, 416)},
    response_class=Response,
)
def get_picture(serving: ServingDep, id: PictureId, box: Part = None) -> Response:
    """A keyframe, or a query picture; a part of it is cut when it is asked for."""
    path, media_type = _find_picture(serving, id)
    if box is None:
        return _send(path, "picture", media_type)
    try:
        return Response(cut_picture(path, read_box(box)), 200, CUT_HEADERS, "image/jpeg")
    except OSError as error:
        raise _missing("picture") from error


def _find_picture(serving: Serving, id: str) -> tuple[FilePath, str]:
    """The file of a picture, and what it is."""
    named = PICTURE.fullmatch(id)
    if named is None:
        path = serving.pictures.find(id)
        if path is None:
            raise Refused(404, f"there is no picture {id}", "take addresses from answers")
        return path, "image/png"
    video_id, time_ms, small = named.groups()
    folder = serving.collection.pictures(serving.shelf.get(video_id))
    return folder / f"{int(time_ms)}{small or ''}.jpg", "image/jpeg"


@router.get(
    "/videos/{id}",
    responses={**_files(*sorted({*TYPES.values(), ANY})), **FILM},
    response_class=Response,
)
def get_video_file(serving: ServingDep, id: VideoId, download: Download = False) -> Response:
    """A whole video as it is; parts of it by Range."""
    video = serving.shelf.get(id)
    file = _find_file(serving, video)
    media_type = TYPES.get(file.suffix.lower(), ANY)
    return _send(file, "video", media_type, video.name if download else None, follow=True)


@router.get("/clips/{shot}.mp4", responses={**_files("video/mp4"), **FILM}, response_class=Response)
async def get_clip(serving: ServingDep, shot: ShotId, download: Download = False) -> Response:
    """A shot as MP4 that browsers play; made when first asked for."""

    def cut() -> Response:
        place = serving.find_shot(serving.edition(), shot)
        return _cut(serving, place, download=download)

    with anyio.move_on_after(CLIP_WAIT_S):
        async with serving.clip_threads:
            with anyio.CancelScope(shield=True):
                return await anyio.to_thread.run_sync(cut, limiter=anyio.CapacityLimiter(1))
    raise TooBusy("too many clips are being made; ask again in a few seconds")


def _cut(serving: Serving, place: ShotPlace, *, download: bool) -> Response:
    video = serving.shelf.get(place.video_id)
    source = _find_file(serving, video)
    clip = serving.clips.get(video.uid, source, Span(place.start_ms, place.end_ms))
    minutes, seconds = divmod(place.start_ms // 1000, 60)
    name = f"{FilePath(video.name).stem} {minutes}m{seconds:02}s.mp4"
    return _send(clip, "clip", "video/mp4", name if download else None)


def _find_file(serving: Serving, video: Video) -> FilePath:
    file = serving.shelf.find_file(video)
    if file is None:
        raise _missing("video")
    return file


def _send(
    path: FilePath, what: str, media_type: str, save_as: str | None = None, *, follow: bool = False
) -> Response:
    try:
        return Sent(path, media_type, save_as=save_as, follow=follow)
    except OSError as error:
        raise _missing(what) from error


def _missing(what: str) -> Refused:
    return Refused(
        404, f"the file of this {what} is not where it was", "if videos were moved: --media-root"
    )
