"""Asking: the query tree, flat parameters, more of the same."""

from typing import Annotated, Literal

from fastapi import APIRouter
from fastapi import Query as Parameters
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from search.api.edition import Edition
from search.api.hiding import hide_folders
from search.api.limits import QueryTurnDep
from search.api.naming import naming_by_id, speaking_of_parameters
from search.api.problem import documented
from search.api.serving import Serving, ServingDep, answer
from search.asking import Asked, build_options, build_query
from search.joins.all_of import AllOf
from search.joins.negation import Not
from search.layout import Layout
from search.leaves.metadata import MetadataLeaf
from search.leaves.person import MOST_PICTURES
from search.leaves.shot import ShotLeaf
from search.options import SearchOptions
from search.query import Query
from search.wire import Found

router = APIRouter(tags=["search"])
PictureId = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
BOUND = 1000  # of hits on a page over HTTP


class Listing(BaseModel):
    """How hits are listed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    k: int = Field(20, ge=1, le=BOUND, description="Hits on a page.")
    group: Literal["none", "video"] = Field("none", description="Keep hits of a video together.")
    sort: Literal["score", "time"] = Field("score", description="By score, or by video and time.")
    per_video: int | None = Field(
        None, ge=1, le=10**6, description="At most the best so many of a video."
    )
    min_score: float | None = Field(
        None, allow_inf_nan=False, description="Leave out hits that score less."
    )
    distinct: float | None = Field(
        None,
        gt=0.5,
        le=1,
        allow_inf_nan=False,
        description="Fold a hit under the first before it that looks the same, by this cosine.",
    )
    cursor: str | None = Field(None, max_length=1000, description="Of the next page.")
    space: str | None = Field(None, max_length=200, description="The space to compare in.")

    def options(self) -> SearchOptions:
        """The same for the engine."""
        return build_options({name: getattr(self, name) for name in Listing.model_fields})


class FlatSearch(Listing):
    """A search in flat parameters; all parts but `then` hold in the first stage."""

    text: str | None = Field(None, max_length=2000, description="What the picture shows.")
    picture: str | None = Field(
        None, pattern="^[0-9a-f]{32}$", description="The id of a query picture."
    )
    face: list[PictureId] = Field(
        [], max_length=MOST_PICTURES, description="Ids of pictures of one person's face: who it is."
    )
    like: str | None = Field(None, max_length=1000, description="VIDEO@SECONDS: a moment.")
    then: list[str] = Field([], max_length=8, description="What comes a little later, in words.")
    within: str | None = Field(None, max_length=20, description="How soon, in seconds.")
    where: list[str] = Field([], max_length=40, description="KEY=VALUE; also != < <= > >=.")
    identity: bool = Field(
        True, description="Of `does`: check that it is the person whose face is seen (ICV)."
    )
    gaps: bool = Field(True, description="Of `does`: fill in gaps within a shot (DTE).")
    extension: Literal["capped", "published", "off"] = Field(
        "capped", description="Of `does`: lift shots by better ones near them (DTE)."
    )

    def query(self, edition: Edition) -> Query:
        """The same as a tree."""
        said = Asked(
            text=self.text,
            picture=self.picture,
            face=tuple(self.face),
            like=self.like,
            then=tuple(self.then),
            within=self.within,
            where=tuple(self.where),
            identity=self.identity,
            gaps=self.gaps,
            extension=self.extension,
        )
        return build_query(said, edition.known)


class SimilarSearch(Listing):
    """A shot, and how what looks like it is listed."""

    shot: str = Field(max_length=100, description="A shot: VIDEO_ID@MS.")


ANSWERS = documented(404, 409, 410, 422, 503)


@router.post("/v1/search", response_model=Found, responses={**ANSWERS, **documented(413)})
def search_tree(
    query: Query,
    listing: Annotated[Listing, Parameters()],
    serving: ServingDep,
    turn: QueryTurnDep,
) -> Response:
    """Find moments by a query tree."""
    with speaking_of_parameters():
        return _search(serving, serving.edition(), query, listing.options())


@router.get("/v1/search", response_model=Found, responses=ANSWERS)
def search_flat(
    asked: Annotated[FlatSearch, Parameters()], serving: ServingDep, turn: QueryTurnDep
) -> Response:
    """Find moments by flat parameters, as the command line does."""
    edition = serving.edition()
    with speaking_of_parameters():
        return _search(serving, edition, asked.query(edition), asked.options())


@router.get("/v1/similar", response_model=Found, responses=ANSWERS)
def search_similar(
    asked: Annotated[SimilarSearch, Parameters()], serving: ServingDep, turn: QueryTurnDep
) -> Response:
    """Find what looks like a shot; the shot itself is left out."""
    edition = serving.edition()
    place = serving.find_shot(edition, asked.shot)
    query = _similar(edition.engine.layout, place.shot, place.time_ms)
    with speaking_of_parameters():
        return _search(serving, edition, query, asked.options())


def _similar(layout: Layout, shot: int, time_ms: int) -> Query:
    uid = layout.videos.uid[layout.shots.video[shot]]
    start_ms, end_ms = int(layout.shots.start_ms[shot]), int(layout.shots.end_ms[shot])
    itself = AllOf(
        children=(
            MetadataLeaf(field="video", value=uid),
            MetadataLeaf(field="time", op=">=", value=start_ms),
            MetadataLeaf(field="time", op="<", value=end_ms),
        )
    )
    return Query(root=AllOf(children=(ShotLeaf(video=uid, time_ms=time_ms), Not(child=itself))))


def _search(serving: Serving, edition: Edition, query: Query, options: SearchOptions) -> Response:
    with naming_by_id(edition):
        result = edition.engine.search(query, options, within_s=serving.settings.query_seconds)
    told = {**dict(result), "notes": tuple(map(hide_folders, result.notes))}
    return answer(Found(**told, media=serving.media_of(result.hits)))
