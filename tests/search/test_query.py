"""The query tree: JSON, limits, refusals, and that reading one wakes nothing heavy."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

import search.query
from analyzers.finding import WordsKind
from search.error import QueryInvalid
from search.joins.all_of import AllOf
from search.joins.negation import Not
from search.leaves.image import ImageLeaf
from search.leaves.text import TextLeaf
from search.leaves.words import WordsLeaf
from search.query import KINDS, Query, read_query

RED = {"kind": "text", "text": "red"}
ONE_OF_EACH: dict[str, dict[str, Any]] = {
    "text": RED,
    "image": {"kind": "image", "picture": "aGVsbG8="},
    "shot": {"kind": "shot", "video": "film.mp4", "time_ms": 1500, "space": "toy"},
    "words": {"kind": "words", "text": '"new york" hot*', "where": "read"},
    "label": {"kind": "label", "name": "coco/person", "op": ">=", "count": 2},
    "colour": {"kind": "colour", "name": "white", "min_area": 0.2},
    "metadata": {"kind": "metadata", "field": "date", "op": "<", "value": "2024-05"},
    "person": {"kind": "person", "name": "Ann", "least": 0.3},
    "action": {"kind": "action", "text": "somebody carries a bag"},
    "person_action": {
        "kind": "person_action",
        "person": {"kind": "person", "pictures": ["aGVsbG8="], "ids": ["0a"]},
        "action": {"kind": "action", "name": "action/carry"},
        "identity": False,
        "extension": "published",
    },
    "all_of": {"kind": "all_of", "children": [RED, RED], "weights": [1, 2], "by": "product"},
    "any_of": {"kind": "any_of", "children": [RED]},
    "not": {"kind": "not", "child": RED},
    "weighted_sum": {"kind": "weighted_sum", "children": [RED, RED], "weights": [1, -1]},
    "then": {"kind": "then", "stages": [RED, RED], "within_ms": 5000, "fusion": "harmonic"},
}


def nested(depth: int) -> str:
    """A text under so many levels of not."""
    return '{"kind":"not","child":' * (depth - 1) + '{"kind":"text","text":"a"}' + "}" * (depth - 1)


def refusal_of(text: str) -> str:
    with pytest.raises(QueryInvalid) as refused:
        read_query(text)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_every_kind_has_an_example_here() -> None:
    assert ONE_OF_EACH.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_comes_back_from_json_as_it_went(kind: str) -> None:
    query = Query.model_validate({"root": ONE_OF_EACH[kind]})
    assert read_query(query.model_dump_json()) == query
    assert query.root.kind == kind


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_frozen_and_refuses_further_fields(kind: str) -> None:
    root = Query.model_validate({"root": ONE_OF_EACH[kind]}).root
    with pytest.raises(ValidationError, match="frozen"):
        root.kind = "other"  # type: ignore[assignment]
    with pytest.raises(ValidationError, match="extra_forbidden"):
        Query.model_validate({"root": {**ONE_OF_EACH[kind], "colours": 1}})


def test_the_root_alone_is_a_query_too() -> None:
    assert read_query('{"kind": "text", "text": "red"}') == Query(root=TextLeaf(text="red"))


def test_an_unknown_kind_is_refused_with_the_nearest() -> None:
    assert refusal_of('{"root": {"kind": "wrods", "text": "a"}}') == (
        "query: root: there is no kind wrods; the nearest is words"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("red", "the query is no JSON"),
        ("[" * 100_000, "the query is no JSON"),
        ("[]", "query: Input should be"),
        ('{"version": 2, "root": {"kind": "text", "text": "a"}}', "query: version: "),
        ('{"root": {"text": "a"}}', "root: kind: is missing"),
        ('{"kind": "text", "text": " "}', "root.text: an empty text finds nothing"),
        ('{"kind": "shot", "video": "", "time_ms": 0}', "root.video: an empty name"),
        ('{"kind": "shot", "video": "a", "time_ms": -1}', "root.time_ms: "),
        ('{"kind": "not", "child": {"kind": "text", "txt": "a"}}', "root.child.text: "),
        ('{"kind": "not", "child": {"kind": "text", "text": "a", "x": 1}}', "root.child.x: "),
        ('{"kind": "any_of", "children": []}', "root.children: "),
        ('{"kind": "any_of", "children": [{"kind": "label"}]}', "root.children[0].name: "),
        ('{"kind": "image", "picture": "no base64!"}', "root.picture: "),
        ('{"kind": "words", "text": "a", "where": "seen"}', "root.where: "),
        ('{"kind": "colour", "name": "red", "min_area": 0}', "root.min_area: "),
        ('{"kind": "metadata", "field": "date", "value": "May"}', "a date is 2024"),
        ('{"kind": "metadata", "field": "date", "value": "2023-02-29"}', "no date '2023-02-29'"),
        ('{"kind": "metadata", "field": "width", "value": "wide"}', "must be a number"),
        ('{"kind": "metadata", "field": "video", "op": "<", "value": "a"}', "by = only"),
        ('{"kind": "metadata", "field": "width", "value": NaN}', "root.value"),
    ],
)
def test_a_wrong_query_is_refused_by_the_name_of_its_field(text: str, said: str) -> None:
    assert said in refusal_of(text)


def test_weights_fit_the_children() -> None:
    pair = '[{"kind": "text", "text": "a"}, {"kind": "text", "text": "b"}]'
    for kind in ("all_of", "weighted_sum"):
        text = f'{{"kind": "{kind}", "children": {pair}, "weights": [1]}}'
        assert "2 children, but 1 weights" in refusal_of(text)
    least = f'{{"kind": "all_of", "children": {pair}, "weights": [1, 1], "by": "minimum"}}'
    assert "weights mean nothing" in refusal_of(least)
    nothing = f'{{"kind": "weighted_sum", "children": {pair}, "weights": [0, 0]}}'
    assert "must not be 0" in refusal_of(nothing)


def test_then_is_within_shots_or_within_ms() -> None:
    pair = '[{"kind": "text", "text": "a"}, {"kind": "text", "text": "b"}]'
    both = f'{{"kind": "then", "stages": {pair}, "within_shots": 1, "within_ms": 1}}'
    assert "exclude each other" in refusal_of(both)


def test_a_query_is_at_most_twelve_levels_deep() -> None:
    read_query(nested(12))
    for depth in (13, 200, 20_000):
        assert refusal_of(nested(depth))


def test_a_query_has_at_most_sixty_four_leaves() -> None:
    row = AllOf(children=(TextLeaf(text="a"),) * 32)
    Query(root=AllOf(children=(row, row)))
    with pytest.raises(ValidationError, match="65 leaves"):
        Query(root=AllOf(children=(row, row, Not(child=TextLeaf(text="a")))))


def test_a_picture_travels_as_base64() -> None:
    leaf = ImageLeaf.of(b"\xff\x00picture", name="a.png")
    assert read_query(Query(root=leaf).model_dump_json()).root == leaf


@pytest.mark.parametrize("kind", WordsKind)
def test_words_of_every_kind_can_be_asked_for(kind: WordsKind) -> None:
    assert WordsLeaf.model_validate({"text": "a", "where": kind.value}).where == kind.value


def test_the_readme_shows_every_kind_and_a_query_that_holds() -> None:
    readme = (Path(search.query.__file__).parent / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+)` \|", readme, re.MULTILINE)) == set(KINDS)
    shown = readme.split("```json\n")[1].split("```")[0]
    assert read_query(shown).root.kind == "then"


def test_every_field_of_every_kind_stands_in_the_readme() -> None:
    readme = (Path(search.query.__file__).parent / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", readme, re.MULTILINE))
    for kind, model in KINDS.items():
        named = set(re.findall(r"`(\w+)`", rows[kind])) & set(model.model_fields)
        assert named | {"kind"} == set(model.model_fields), kind


def test_reading_a_query_wakes_nothing_heavy() -> None:
    heavy = "torch faiss sqlalchemy pyarrow PIL rich typer av decord scenedetect open_clip"
    code = (
        'import sys, search.query; search.query.read_query(\'{"kind":"text","text":"a"}\');'
        f"print([name for name in '{heavy}'.split() if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
