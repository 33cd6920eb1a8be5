"""A query is data: a frozen tree of tagged nodes, read from and written to JSON.

The same tree is the engine's input, the command line's `--query`, and what is logged. This is the
list of kinds: to add one, write its file and name it here (see README.md). Knows no engine.
"""

import difflib
import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Self, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from search.error import QueryInvalid
from search.joins.all_of import AllOf
from search.joins.any_of import AnyOf
from search.joins.negation import Not
from search.joins.then import Then
from search.joins.weighted_sum import WeightedSum
from search.leaves.action import ActionLeaf
from search.leaves.colour import ColourLeaf
from search.leaves.image import ImageLeaf
from search.leaves.label import LabelLeaf
from search.leaves.metadata import MetadataLeaf
from search.leaves.person import PersonLeaf
from search.leaves.person_action import PersonActionLeaf
from search.leaves.shot import ShotLeaf
from search.leaves.text import TextLeaf
from search.leaves.words import WordsLeaf
from search.node import Node

Leaf: TypeAlias = (
    TextLeaf
    | ImageLeaf
    | ShotLeaf
    | WordsLeaf
    | LabelLeaf
    | ColourLeaf
    | MetadataLeaf
    | PersonLeaf
    | ActionLeaf
    | PersonActionLeaf
)
Join: TypeAlias = AllOf | AnyOf | Not | WeightedSum | Then
AnyNode: TypeAlias = Annotated[Leaf | Join, Field(discriminator="kind")]

KINDS: dict[str, type[Node]] = {
    model.model_fields["kind"].default: model for model in (*get_args(Leaf), *get_args(Join))
}
DEEPEST = 12
MOST_LEAVES = 64
LONGEST_TAG = 100  # characters of an unknown kind that are shown

for _join in get_args(Join):
    _join.model_rebuild(_types_namespace={"AnyNode": AnyNode})


class Query(BaseModel):
    """A whole query: one tree, at most 12 deep, with at most 64 leaves."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    root: AnyNode

    @model_validator(mode="after")
    def _fits(self) -> Self:
        level: Sequence[Node] = [self.root]
        depth = leaves = 0
        while level:
            depth += 1
            leaves += sum(not node.parts for node in level)
            level = [part for node in level for part in node.parts]
            if depth > DEEPEST:
                raise ValueError(f"the query is more than {DEEPEST} levels deep")
        if leaves > MOST_LEAVES:
            raise ValueError(f"the query has {leaves} leaves, more than {MOST_LEAVES}")
        return self


def read_query(text: str | bytes) -> Query:
    """A query from JSON: `{"version": 1, "root": {...}}`, or the root alone.

    Raises:
        QueryInvalid: it is no JSON, or not a query; the message names the field.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise QueryInvalid(f"the query is no JSON: {error}") from error
    if isinstance(data, dict) and "kind" in data:
        data = {"root": data}
    try:
        return Query.model_validate(data)
    except ValidationError as error:
        raise QueryInvalid(explain_invalid(error.errors(include_url=False))) from error


def explain_invalid(errors: Sequence[Mapping[str, Any]]) -> str:
    """The first thing that is wrong with a tree, in one line that names the field.

    Args:
        errors: as pydantic lists them; places begin at the query itself.
    """
    first = errors[0]
    place, context = _place(first["loc"]), first.get("ctx", {})
    if first["type"] == "union_tag_invalid":
        tag = str(context["tag"])[:LONGEST_TAG]
        near = difflib.get_close_matches(tag, KINDS, 1, 0.0)[0]
        said = f"there is no kind {tag}; the nearest is {near}"
    elif first["type"] == "union_tag_not_found":
        said = f"kind: is missing; there are {', '.join(KINDS)}"
    elif first["type"] == "extra_forbidden":
        said = "there is no such field"
    elif first["type"] == "value_error":
        said = str(context["error"])
    else:
        said = str(first["msg"])
    return f"query: {place}: {said}" if place else f"query: {said}"


def _place(loc: tuple[Any, ...]) -> str:
    """`root.children[0].text` from pydantic's place, which has the kinds between the fields."""
    text, after_node = "", False
    for part in loc:
        if isinstance(part, int):
            text += f"[{part}]"
        elif not (after_node and part in KINDS):
            text += f".{part}"
            after_node = part in ("root", "child", "children", "stages")
            continue
        else:
            after_node = False
    return text.removeprefix(".")
