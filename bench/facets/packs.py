"""Packs of the made world's own words, and what is true of its shots. Knows no product."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.world.truth import ShotTruth
from bench.world.words import COLOURS, INDOORS, KINDS, PLACES, SEASONS, TIMES

NEITHER = "neither"  # what is told of rooms, which have no season and no time of day
LEAST_VISIBLE = 0.3  # share of a thing


@dataclass(frozen=True)
class Asked:
    """One facet: its pack, and what is true."""

    facet: str
    names: tuple[str, ...]
    prompts: tuple[str, ...]
    find: Callable[[ShotTruth], frozenset[str]]  # the names that are true of a shot
    own_prompts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    is_exclusive: bool = True


def list_asked() -> tuple[Asked, ...]:
    """The five facets."""
    rooms = {NEITHER: tuple(f"in the {place}" for place in INDOORS)}
    return (
        Asked("place", PLACES, ("a {}", "in the {}"), lambda shot: frozenset([shot.place])),
        Asked(
            "season", (*SEASONS, NEITHER), ("in {}", "outdoors in {}"),
            lambda shot: frozenset([shot.season or NEITHER]), rooms,
        ),
        Asked(
            "time", (*TIMES, NEITHER), ("at {}", "outdoors at {}"),
            lambda shot: frozenset([shot.time or NEITHER]), rooms,
        ),
        Asked(
            "hue", tuple(COLOURS), ("a {} thing", "someone in {}"),
            lambda shot: frozenset(shot.colours), is_exclusive=False,
        ),
        Asked("thing", tuple(KINDS), ("a {}",), _find_things, is_exclusive=False),
    )  # fmt: skip


def write_pack(folder: Path, asked: Asked) -> Path:
    """The pack as a file."""
    told = {"facet": asked.facet, "names": asked.names, "prompts": asked.prompts}
    lines = [f"{key} = {json.dumps(value)}" for key, value in told.items()]
    lines.append(f"exclusive = {json.dumps(asked.is_exclusive)}")
    lines.append("[own_prompts]")
    lines += [
        f"{json.dumps(key)} = {json.dumps(value)}" for key, value in asked.own_prompts.items()
    ]
    file = folder / f"{asked.facet}.toml"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def _find_things(shot: ShotTruth) -> frozenset[str]:
    return frozenset(
        thing.kind
        for thing in shot.things
        if max(thing.track.visible, default=0.0) >= LEAST_VISIBLE
    )
