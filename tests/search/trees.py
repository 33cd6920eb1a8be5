"""Random queries over the collections of `worlds.py`, as plain values."""

from typing import Any

from hypothesis import strategies as st
from oracle import Oracle
from worlds import MEASURES, PALETTE, PIXELS, SAID, TEXTS, picture_of

VECTORS = {
    **{text: PALETTE[n].tolist() for n, text in enumerate(TEXTS)},
    **{picture_of(pixel): PALETTE[6 + n].tolist() for n, pixel in enumerate(PIXELS)},
}
OPS = st.sampled_from(("=", "<", "<=", ">", ">="))
SPACES = st.sampled_from((None, "one", "two"))
WEIGHTS = st.sampled_from((0.25, 1.0, 2.5))
EXPRESSIONS = (*SAID, "stop*", "*top*", "the exit", '"the exit"', '"stop the" way', "*e")


def leaf(kind: str, **fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"kind": st.just(kind), **fields})


def compared(field: str, *values: Any) -> st.SearchStrategy[dict[str, Any]]:
    op = st.just("=") if field == "video" else OPS
    return leaf("metadata", field=st.just(field), op=op, value=st.sampled_from(values))


FACTS: dict[str, tuple[Any, ...]] = {
    "width": (320, 640),
    "duration": (1000, 2600, 3000.5),
    "size": (1000, 1500),
    "time": (0, 999, 1000, 1400),
    "date": ("2024", "2024-05", "2024-05-01", "2023"),
    "video": ("uid0",),
    **dict.fromkeys(MEASURES, (0, 0.25, 2)),
}
LEAVES = st.one_of(
    leaf("text", text=st.sampled_from(TEXTS), space=SPACES),
    leaf("text", text=st.sampled_from(TEXTS), space=SPACES),
    leaf("image", picture=st.sampled_from([picture_of(pixel) for pixel in PIXELS]), space=SPACES),
    leaf("shot", pick=st.integers(0, 1000), space=SPACES),
    leaf(
        "words",
        text=st.sampled_from(EXPRESSIONS),
        where=st.sampled_from(("any", "read", "subtitle", "title", "said")),
    ),
    leaf(
        "label",
        name=st.sampled_from(("coco/person", "coco/dog", "dog", "zoo/cat")),
        op=OPS,
        count=st.integers(0, 3),
    ),
    leaf(
        "colour",
        name=st.sampled_from(("red", "white", "black")),
        min_area=st.sampled_from((0.05, 0.3)),
    ),
    leaf("action", name=st.sampled_from(("coco/person", "Zoo/Dog", "dog", "colour/red"))),
    leaf(
        "person",
        pictures=st.lists(st.sampled_from(list(map(picture_of, PIXELS))), min_size=1, max_size=3),
        least=st.sampled_from((-1.0, 0.0, 0.4)),
    ),
    st.sampled_from(tuple(FACTS)).flatmap(lambda field: compared(field, *FACTS[field])),
)


def joins(children: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    kinds = (
        *(many(children).flatmap(all_of),) * 3,
        *(many(children).map(lambda parts: {"kind": "any_of", "children": parts}),) * 2,
        *(many(children).flatmap(weighted_sum),) * 2,
        *(then(children),) * 4,
        children.map(lambda part: {"kind": "not", "child": part}),
    )
    return st.sampled_from(range(len(kinds))).flatmap(lambda number: kinds[number])


def many(
    children: st.SearchStrategy[dict[str, Any]],
) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(children, min_size=1, max_size=3)


def all_of(parts: list[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    weights = st.none() | st.lists(WEIGHTS, min_size=len(parts), max_size=len(parts))
    whole = {"kind": st.just("all_of"), "children": st.just(parts)}
    return st.one_of(
        st.fixed_dictionaries(
            {**whole, "weights": weights, "by": st.sampled_from(("sum", "product"))}
        ),
        st.fixed_dictionaries({**whole, "by": st.just("minimum")}),
    )


def weighted_sum(parts: list[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    weight = st.sampled_from((-1.0, -0.5, 1.0, 3.0))
    weights = st.lists(weight, min_size=len(parts), max_size=len(parts))
    return st.fixed_dictionaries(
        {"kind": st.just("weighted_sum"), "children": st.just(parts), "weights": weights}
    )


def then(children: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    within = st.one_of(
        st.just({}),
        st.sampled_from((1, 2, 3)).map(lambda n: {"within_shots": n}),
        st.sampled_from((0, 239, 240, 1000, 5000)).map(lambda n: {"within_ms": n}),
    )
    stages = st.lists(children, min_size=2, max_size=3)
    fusions = st.sampled_from(("distance", "similarity", "harmonic"))
    return st.builds(
        lambda stages, within, fusion: {
            "kind": "then",
            "stages": stages,
            "fusion": fusion,
            **within,
        },
        stages,
        within,
        fusions,
    )


TREES = st.recursive(LEAVES, joins, max_leaves=7)
WORLDS = st.integers(0, 10**6)


def ground(node: Any, oracle: Oracle) -> Any:
    """The same tree, where each shot to compare with is one that the collection has."""
    if isinstance(node, list):
        return [ground(part, oracle) for part in node]
    if not isinstance(node, dict):
        return node
    if node.get("kind") in ("action", "person") and not oracle.knows(node):
        return {"kind": "text", "text": TEXTS[0]}
    if node.get("kind") != "shot":
        return {key: ground(value, oracle) for key, value in node.items()}
    space, pick = node["space"] or oracle.default_space, node["pick"]
    rows = [row for row in oracle.rows if oracle.seen(row, space)]
    if not rows:
        return {"kind": "text", "text": TEXTS[0], "space": space}
    row = rows[pick % len(rows)]
    start, end = oracle.bounds(row.shot)
    time_ms = start + pick * 97 % (end - start)
    return {"kind": "shot", "video": f"uid{row.video}", "time_ms": time_ms, "space": node["space"]}
