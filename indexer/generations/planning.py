"""Decides what a new generation takes over from the parts of the last, and what is written anew.

The rules:

- A video that is gone, or was changed since it was written, or has another's number, is dead in
  its part.
- A part in which more than a fifth of the rows are dead is given up: its living videos are written
  anew. Dead rows are scored at every query, and stay on the disk.
- A part with fewer than twice the videos of the next is given up too, with all behind it. So there
  are no more than about log2(videos) parts, and a video is written no more than about that often,
  however many small changes there are.

Where nothing is left to take over, what is written is a whole new base. Where new videos shall be
found soon, few are written twice; more parts then wait for a thorough build. Knows no files, no
catalog.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.generations.part import Part

State: TypeAlias = tuple[str, int]  # of a video: its uid, the revision at which it last changed


@dataclass(frozen=True)
class Rules:
    """When a part is given up."""

    most_dead: float = 0.2  # of the rows of a part that is kept
    least_ratio: float = 2  # of the videos of a part to those of the next
    most_written: float = inf  # videos, where small parts are put together;
    most_parts: int = 32  # where there are more, whatever it costs


THOROUGH = Rules()
QUICK = Rules(most_dead=1, most_written=100)  # a second or two


@dataclass(frozen=True)
class KeptPart:
    """A part that is taken over."""

    part: Part
    dead: tuple[int, ...]  # insertion numbers, ascending


@dataclass(frozen=True)
class Plan:
    """What a generation is made of: parts that are there, then one that is written."""

    kept: tuple[KeptPart, ...]
    written: tuple[int, ...]  # insertion numbers, ascending


def make_plan(parts: Sequence[Part], states: Mapping[int, State], rules: Rules = THOROUGH) -> Plan:
    """Plan a generation.

    Args:
        parts: those of the last one, in order; none to write everything.
        states: of all videos by insertion number; another one than a part has is a change.
        rules: when a part is given up.
    """
    kept, written = [], set(states)
    for part in parts:
        read = zip(part.videos.uid, part.revision.tolist(), strict=True)
        pairs = zip(part.videos.id.tolist(), read, strict=True)
        alive = np.array([states.get(id) == state for id, state in pairs], bool)
        if alive.any() and _count_dead_rows(part, alive) <= rules.most_dead * len(part.rows):
            kept.append((part, alive))
            written.difference_update(part.videos.id[alive].tolist())
    count = _count_kept([int(alive.sum()) for _, alive in kept], len(written), rules)
    for part, alive in kept[count:]:
        written.update(part.videos.id[alive].tolist())
    living = [
        KeptPart(part, tuple(part.videos.id[~alive].tolist())) for part, alive in kept[:count]
    ]
    return Plan(tuple(living), tuple(sorted(written)))


def _count_dead_rows(part: Part, alive: NDArray[np.bool_]) -> int:
    first_row = part.shots.first_row[part.videos.first_shot]
    return int(np.diff(first_row)[~alive].sum())


def _count_kept(sizes: Sequence[int], written: int, rules: Rules) -> int:
    """How many parts of these sizes are kept, the first ones, where others are written behind."""
    most = rules.most_written if len(sizes) < rules.most_parts else inf
    kept, following = len(sizes), written
    for place in reversed(range(len(sizes))):
        together = written + sum(sizes[place:])
        if sizes[place] < rules.least_ratio * following and together <= most:
            kept, following = place, together
        else:
            following = sizes[place]
    return kept
