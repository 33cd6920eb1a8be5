"""What can be filtered by: labels, measures, and what begins with what was typed."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from search.api.problem import documented
from search.api.serving import ServingDep, answer
from search.wire import LabelCount, LabelList, MeasureCount, SuggestionList

router = APIRouter(tags=["names"])


@router.get("/v1/labels", response_model=LabelList, responses=documented(503))
def list_labels(serving: ServingDep) -> Response:
    """Every label and measure that occurs, with counts."""
    generation = serving.engine().generation
    labels = tuple(
        LabelCount(name=one.full, vocabulary=one.vocabulary, shots=one.shots)
        for one in generation.labels.names()
    )
    measures = tuple(
        MeasureCount(name=one.name, unit=one.unit, values=one.values)
        for one in generation.measures.names()
    )
    return answer(LabelList(labels=labels, measures=measures))


@router.get("/v1/suggest", response_model=SuggestionList, responses=documented(503))
def suggest(
    serving: ServingDep,
    text: Annotated[str, Query(max_length=200, description="What was typed so far.")] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 20,
) -> Response:
    """Filters that contain what was typed, the most frequent first."""
    found = serving.edition().filters.suggest(text, limit)
    return answer(SuggestionList(suggestions=found))
