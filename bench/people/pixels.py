"""Person and person-action search from pixels: the product indexes films and is asked for people.

Films of the test split, whose cast no model was trained on; the profile `demo`, faces and persons
five times a second. Knows nothing of how the product finds anything.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.evaluate.hits import Goal, Span, mark_right
from bench.evaluate.intervals import Interval, bound
from bench.evaluate.ranking import average_precision
from bench.people.clusters import PairFigures, judge_clusters, read_assignments
from bench.people.pixel_topics import AskedAct, AskedPerson, choose_acts, choose_people
from bench.quality.world_films import FilmsMade, index, make_films
from indexer.collection import Collection
from search.encoders import Encoders
from search.engine import SearchEngine
from search.error import QueryInvalid
from search.options import SearchOptions
from search.query import read_query

ANALYZERS = "+faces,+objects,+persons,+actions"
RATE = "5"  # pictures a second: one frame in five
FLAGS = (
    "--profile", "demo", "--analyzers", ANALYZERS, "--face-fps", RATE, "--object-fps", RATE,
)  # fmt: skip
DEPTH = 1000
LEAST_MS = 80  # by which a hit must overlap a shot
EVERYBODY = -1.0  # as the gate: all faces are ranked
DIRECT = {"identity": False, "gaps": False, "extension": "off"}
Floats = NDArray[np.float64]
Tell = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class PixelScores:
    """Average precisions by topic."""

    people: Floats  # (p,) shots in which the face is visible
    anywhere: Floats  # (p,) all shots in which the person is seen
    acts: Floats  # (a,) as the product ranks
    direct: Floats  # (a,) both scores fused, whoever's they are

    def gain(self) -> Interval:
        """How many times the mAP of direct fusion is reached; topics are resampled."""
        pairs = np.arange(len(self.acts))

        def ratio(picks: Floats) -> Floats:
            chosen = picks.astype(np.int64)
            direct = self.direct[chosen].mean(axis=1)
            return np.asarray(self.acts[chosen].mean(axis=1) / np.maximum(direct, 1e-9))

        return bound(pairs, ratio)


@dataclass(frozen=True)
class PixelRun:
    """All that a run measured."""

    films: int
    minutes: float
    shots: int
    scores: PixelScores
    clusters: PairFigures
    changed: float  # share of former tracks in another cluster after the last films came
    later: int  # how many films came later
    seconds: dict[str, float]  # of the index, by analyzer


def measure_pixels(folder: Path, seed: int, films: int, tell: Tell) -> PixelRun:
    """Make films, index them in two goes, ask for everybody.

    Args:
        folder: where films and collections are kept for the next time.
        seed: of the made world.
        films: how many; a tenth of them, at least one, comes later.
        tell: hears what is being done.
    """
    made = make_films(folder, seed, films, tell)
    collection = folder / f"people-{made.home.name}"
    later = max(1, films // 10)
    former: dict[str, str] = {}
    for count in (films - later, films):
        shelf = _lay_out(made, folder / f"{collection.name}-films", count)
        tell(f"indexing {count} films")
        index(shelf, collection, FLAGS)
        with Collection.open_(collection) as opened:
            assigned = read_assignments(opened)
        former = former or assigned
    changed = [former[track] != assigned.get(track) for track in former]
    people = choose_people(made.truths, made.videos)
    acts = choose_acts(people, made.truths)
    tell(f"asking for {len(people)} people and {len(acts)} acts")
    scores = ask_all(SearchEngine(collection, Encoders()), people, acts)
    with Collection.open_(collection) as opened:
        clusters = judge_clusters(opened, {f"{film.id}.mp4": film for film in made.truths})
        seconds = _read_seconds(opened)
    shots = sum(len(film.shots) for film in made.truths)
    minutes = sum(film.length_ms for film in made.truths) / 60_000
    share = float(np.mean(changed)) if changed else 0.0
    return PixelRun(films, minutes, shots, scores, clusters, share, later, seconds)


def ask_all(
    engine: SearchEngine, people: Sequence[AskedPerson], acts: Sequence[AskedAct]
) -> PixelScores:
    """Everybody, and everything that somebody does, each way."""
    ranked = {one.person: _find(engine, _person(one), one) for one in people}
    return PixelScores(
        np.array([_judge(ranked[one.person], one.visible) for one in people]),
        np.array([_judge(ranked[one.person], one.anywhere) for one in people]),
        np.array([_judge(_find(engine, _act(one), one.who), one.goals) for one in acts]),
        np.array([_judge(_find(engine, _act(one, DIRECT), one.who), one.goals) for one in acts]),
    )


def _person(who: AskedPerson) -> dict[str, Any]:
    return {"kind": "person", "pictures": who.pictures, "least": EVERYBODY}


def _act(act: AskedAct, how: dict[str, Any] | None = None) -> dict[str, Any]:
    person = {"pictures": act.who.pictures}
    action = {"name": f"action/{act.action}"}
    return {"kind": "person_action", "person": person, "action": action, **(how or {})}


def _find(engine: SearchEngine, tree: dict[str, Any], who: AskedPerson) -> list[Span]:
    """The hits in order, without those of the film that the faces are from.

    None where nothing is asked for that anybody was ever seen to do, or no face is found.
    """
    try:
        found = engine.search(read_query(json.dumps(tree)), SearchOptions(k=DEPTH))
    except QueryInvalid:
        return []
    return [
        Span(hit.video, hit.start_ms, hit.end_ms) for hit in found.hits if hit.video != who.film
    ]


def _judge(hits: Sequence[Span], goals: Sequence[Goal]) -> float:
    return average_precision(mark_right(hits, goals, LEAST_MS), len(goals))


def _lay_out(made: FilmsMade, shelf: Path, count: int) -> Path:
    """A folder with the first films, as links."""
    shelf.mkdir(parents=True, exist_ok=True)
    for truth in made.truths[:count]:
        link = shelf / f"{truth.id}.mp4"
        if not link.exists():
            link.symlink_to(made.videos / link.name)
    return shelf


def _read_seconds(collection: Collection) -> dict[str, float]:
    """What each analyzer took over all films."""
    spent: dict[str, float] = {}
    for video in collection.catalog.find_videos():
        for run in collection.catalog.find_runs(video):
            spent[run.analyzer] = spent.get(run.analyzer, 0.0) + run.seconds
    return {name: round(seconds, 2) for name, seconds in sorted(spent.items())}
