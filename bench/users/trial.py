"""Simulated users at the product and at simpler engines, on the same tasks.

Knows nothing of how users behave and of how tasks came about.
"""

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from bench.evaluate.hits import Hit, Span
from bench.evaluate.intervals import Interval
from bench.origin import Origin, find_origin
from bench.quality.dataset import Dataset, Tasks
from bench.quality.judging import TOY
from bench.quality.ranker import Chance, Product, Ranker
from bench.quality.task import LEAST_MS
from bench.quality.world_films import Tell
from bench.users.ad_hoc import search_ad_hoc
from bench.users.habits import Habits
from bench.users.known_item import search_known_item
from bench.users.summary import (
    AdHocSummary,
    KnownItemSummary,
    compare_scores,
    summarise_ad_hoc,
    summarise_known_items,
)
from bench.users.tasks import AdHoc, AdHocOutcome, KnownItem, KnownItemOutcome
from search.leaves.text import TextLeaf
from search.query import Query

VAGUE_FIRST = ("terse", "novice", "expert")
NEAR = 3  # shots shown on either side of one that is opened: more would be half a made film
KNOWN_S, AD_HOC_S = 420.0, 300.0  # the time VBS gives for a described target, and for a topic
COLLECTING_PAGES = 8  # looked through by a user who wants all that fits


class RankedShots:
    """A ranker as users meet it: they type texts, and may look around in a video."""

    def __init__(self, ranker: Ranker, spans: Sequence[Span]) -> None:
        """Prepare.

        Args:
            ranker: that answers.
            spans: all shots that there are.
        """
        self._ranker = ranker
        videos: dict[str, list[Hit]] = defaultdict(list)
        for span in sorted(spans, key=lambda span: (span.video, span.start_ms)):
            videos[span.video].append(_show(span))
        self._videos = dict(videos)

    def rank(self, query_text: str, k: int) -> Sequence[Hit]:
        """The best k shots for a text."""
        query = Query(root=TextLeaf(text=query_text))
        return [_show(span) for span in self._ranker.rank(query, k)]

    def neighbours(self, hit: Hit) -> Sequence[Hit]:
        """The shots before and after it in its video, without itself."""
        shots = self._videos.get(hit.video, [])
        at = next((n for n, shot in enumerate(shots) if shot.end_ms > hit.start_ms), len(shots))
        near = shots[max(0, at - NEAR) : at + NEAR + 1]
        return [shot for shot in near if shot != hit]


@dataclass(frozen=True)
class Served:
    """How users fared with one engine."""

    says: str
    known: KnownItemSummary
    ad_hoc: AdHocSummary | None  # None: the dataset has no topics
    known_gain: Interval | None = None  # the first engine's mean score less that with this one
    ad_hoc_gain: Interval | None = None

    def to_json(self) -> dict[str, Any]:
        """One object."""
        return {
            "says": self.says,
            "known": self.known.to_json(),
            "ad_hoc": self.ad_hoc.to_json() if self.ad_hoc else None,
            "known_gain": self.known_gain.to_json() if self.known_gain else None,
            "ad_hoc_gain": self.ad_hoc_gain.to_json() if self.ad_hoc_gain else None,
        }


@dataclass(frozen=True)
class UserFigures:
    """How users fared with several engines."""

    dataset: str
    films: int
    engines: Mapping[str, Served]  # the first is the one that is judged
    habits: Habits
    seconds: Mapping[str, float]
    origin: Origin

    def to_json(self) -> dict[str, Any]:
        """One object, as `bench users --json` prints it."""
        return {
            "bench": "users",
            **self.origin.to_json(),
            "dataset": {"name": self.dataset, "films": self.films},
            "habits": asdict(self.habits),
            "engines": {name: each.to_json() for name, each in self.engines.items()},
            "seconds": dict(self.seconds),
        }


@dataclass(frozen=True)
class Contestant:
    """An engine that users are set before."""

    name: str
    says: str
    ranker: Ranker


def try_product(data: Dataset, encoder: str, tell: Tell, seed: int = 0) -> UserFigures:
    """Set users before the product, before its toy space and before chance.

    Args:
        data: the made world, as `prepare_world` gives it.
        encoder: in whose space texts and pictures are compared.
        tell: hears what is being done.
        seed: of the users.
    """
    product = Product(data.collection, encoder)
    spans = product.find_spans()
    contestants = [Contestant("shotseek", f"the space {encoder}", product)]
    if encoder != TOY:
        toy = Product(data.collection, TOY)
        contestants.append(Contestant(TOY, "colour words and mean colours", toy))
    contestants.append(Contestant("chance", "all shots in a chance order", Chance(spans)))
    return try_engines(data, spans, contestants, seed, tell)


def try_engines(
    data: Dataset,
    spans: Sequence[Span],
    contestants: Sequence[Contestant],
    seed: int = 0,
    tell: Tell = lambda line: None,
) -> UserFigures:
    """Set the same users before each engine in turn.

    Args:
        data: with at least one known item.
        spans: all shots of its collection.
        contestants: the first is the one that is judged.
        seed: of the users.
        tell: hears who is being tried.

    Raises:
        ValueError: there is no known item.
    """
    known, topics = list_tasks(data.tasks)
    habits, origin = Habits(), find_origin()
    engines: dict[str, Served] = {}
    first: tuple[list[KnownItemOutcome], list[AdHocOutcome]] | None = None
    began = time.perf_counter()
    for each in contestants:
        tell(f"users with {each.name}")
        engine = RankedShots(each.ranker, spans)
        found = _find_all(engine, known, habits, seed)
        marked = _collect_all(engine, topics, habits, seed)
        engines[each.name] = _sum_up(each.says, (found, marked), first)
        first = first or (found, marked)
    seconds = {**data.seconds, "searching": round(time.perf_counter() - began, 2)}
    return UserFigures(data.name, len(data.films), engines, habits, seconds, origin)


def list_tasks(tasks: Tasks) -> tuple[list[KnownItem], list[AdHoc]]:
    """The tasks as users are told them: each known item with all its captions, vague ones first."""
    kinds = [kind for kind in VAGUE_FIRST if kind in tasks.known_by_text]
    columns = [tasks.known_by_text[kind] for kind in kinds or tasks.known_by_text]
    known = [
        KnownItem(row[-1].id, row[0].goals[0], tuple(task.text for task in row), LEAST_MS)
        for row in zip(*columns, strict=True)
    ]
    return known, [AdHoc(task.id, task.goals, (task.text,), LEAST_MS) for task in tasks.topics]


def _find_all(
    engine: RankedShots, tasks: Sequence[KnownItem], habits: Habits, seed: int
) -> list[KnownItemOutcome]:
    return [search_known_item(engine, task, habits, limit_s=KNOWN_S, seed=seed) for task in tasks]


def _collect_all(
    engine: RankedShots, tasks: Sequence[AdHoc], habits: Habits, seed: int
) -> list[AdHocOutcome]:
    patient = replace(habits, pages=COLLECTING_PAGES)
    return [search_ad_hoc(engine, task, patient, limit_s=AD_HOC_S, seed=seed) for task in tasks]


def _sum_up(
    says: str,
    outcomes: tuple[list[KnownItemOutcome], list[AdHocOutcome]],
    first: tuple[list[KnownItemOutcome], list[AdHocOutcome]] | None,
) -> Served:
    found, marked = outcomes
    return Served(
        says,
        summarise_known_items(found),
        summarise_ad_hoc(marked) if marked else None,
        compare_scores(first[0], found) if first else None,
        compare_scores(first[1], marked) if first and marked else None,
    )


def _show(span: Span) -> Hit:
    return Hit(span.video, span.start_ms, span.end_ms)
