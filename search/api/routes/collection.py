"""The collection as a whole, and whether the server is alive."""

from fastapi import APIRouter
from starlette.responses import Response

from analyzers.error import ShotseekError
from search.api.overview import describe_collection, find_version
from search.api.problem import documented
from search.api.serving import ServingDep, answer
from search.wire import CollectionStatus, Health

router = APIRouter(tags=["collection"])


@router.get("/v1/collection", response_model=CollectionStatus, responses=documented(503))
def get_collection(serving: ServingDep) -> Response:
    """What the collection holds, what failed, and whether it can be searched."""
    return answer(describe_collection(serving))


@router.get("/healthz", response_model=Health)
def get_health(serving: ServingDep) -> Response:
    """Whether the server is alive; asks for no token."""
    try:
        name = serving.current.get().generation.name
    except ShotseekError:
        name = None
    state = "ok" if name else "unbuilt"
    return answer(Health(status=state, generation=name, version=find_version()))
