"""Videos and shots: what there is, and everything that is known of it."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from search.api.details import describe_shot, describe_video, summarise_video
from search.api.naming import naming_by_id
from search.api.problem import documented
from search.api.serving import ServingDep, answer
from search.videos import get_video
from search.wire import ShotDetails, VideoDetails, VideoList

router = APIRouter(tags=["videos"])
MOST = 10_000


@router.get("/v1/videos", response_model=VideoList, responses=documented(503))
def list_videos(
    serving: ServingDep,
    text: Annotated[str, Query(max_length=200, description="Part of the name or title.")] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 1000,
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
) -> Response:
    """List the videos, in the order in which they were added."""
    edition = serving.edition()
    found = edition.find_videos(text)
    shown = (summarise_video(serving, edition, n) for n in found[offset : offset + limit])
    return answer(VideoList(videos=tuple(shown), total=len(found)))


@router.get("/v1/videos/{id}", response_model=VideoDetails, responses=documented(404, 503))
def get_one_video(
    serving: ServingDep,
    id: Annotated[str, Path(max_length=1000, description="A video's id, or its name.")],
) -> Response:
    """One video with all its shots, words and labels."""
    edition = serving.edition()
    number = edition.numbers.get(id)
    if number is None:
        with naming_by_id(edition):
            number = get_video(edition.engine.generation.videos, id)
    return answer(describe_video(serving, edition, number))


@router.get("/v1/shots/{id}", response_model=ShotDetails, responses=documented(404, 503))
def get_one_shot(
    serving: ServingDep,
    id: Annotated[str, Path(max_length=100, description="VIDEO_ID@MS: any time in the shot.")],
) -> Response:
    """One shot with its neighbours and everything that is known of it."""
    edition = serving.edition()
    place = serving.find_shot(edition, id)
    return answer(describe_shot(serving, edition, place.shot))
