"""What a run measured, beside what should be reached, and how it is written down."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bench.growth.ledger import Stay, find_delays, find_mixed
from bench.growth.watching import TOLD, Watched, percentile
from bench.origin import Origin
from bench.speed.figures import Target

MOST_RATIO = 1.3
MOST_DELAY_S = 5.0


@dataclass(frozen=True)
class Times:
    """How long indexing the films took, in turns; seconds, the start of the process included."""

    alone_s: tuple[float, ...]  # into an empty collection
    added_s: tuple[float, ...]  # into a copy of the base

    @property
    def ratio(self) -> float:
        """Of the best times."""
        return round(min(self.added_s) / min(self.alone_s), 3)


@dataclass(frozen=True)
class Phase:
    """What a searching process saw while the collection was changed."""

    seconds: float
    added: int  # films
    removed: int
    answers: int
    failed: int
    mixed: int
    reasons: tuple[str, ...]  # why answers failed or were mixed, the first ones
    answer_p50_ms: float
    answer_p95_ms: float
    answer_max_ms: float
    generations: int  # that answered
    found: int  # commits that an answer showed
    delay_p50_s: float  # from a commit to the first answer that finds it
    delay_p95_s: float
    delay_max_s: float

    def to_json(self) -> dict[str, Any]:
        """One object."""
        return {**asdict(self), "reasons": list(self.reasons)}


@dataclass(frozen=True)
class GrowthFigures:
    """A whole run."""

    videos: int  # of the base
    keyframes: int
    films: int  # that are added
    film_s: float
    times: Times
    adding: Phase
    load: Phase | None
    origin: Origin

    @property
    def phases(self) -> dict[str, Phase]:
        """By name."""
        return {"adding": self.adding} | ({"load": self.load} if self.load else {})

    @property
    def targets(self) -> tuple[Target, ...]:
        """They were set for 1,000 videos beside 17,235 on two cores."""
        phases = self.phases.values()
        slowest_s = max(phase.delay_max_s for phase in phases)
        return (
            Target("time of adding beside time of indexing alone", self.times.ratio, MOST_RATIO),
            Target("from commit to found, slowest, s", slowest_s, MOST_DELAY_S),
            Target("failed answers", sum(phase.failed for phase in phases), 0),
            Target("mixed answers", sum(phase.mixed for phase in phases), 0),
        )

    def to_json(self) -> dict[str, Any]:
        """One object, as `bench growth --json` prints it."""
        targets = self.targets
        facts = {"videos": self.videos, "keyframes": self.keyframes, "films": self.films}
        return {
            "bench": "growth",
            **self.origin.to_json(),
            **facts,
            "film_s": self.film_s,
            "times": {
                "alone_s": list(self.times.alone_s),
                "added_s": list(self.times.added_s),
                "ratio": self.times.ratio,
            },
            "phases": {name: phase.to_json() for name, phase in self.phases.items()},
            "targets": [target.to_json() for target in targets],
            "verdict": "missed" if any(it.verdict == "missed" for it in targets) else "ok",
        }


def sum_up(watched: Watched, stays: Sequence[Stay], new_facts: set[Any], seconds: float) -> Phase:
    """What was seen, beside what there was.

    Args:
        watched: what the searching process saw.
        stays: of all films that were added, before it began or meanwhile.
        new_facts: every moment that a film had, as `Checker.seen` has them.
        seconds: how long.
    """
    strange = [f"{each[0]} never had {each[1:]}" for each in sorted(watched.seen - new_facts)]
    mixed = [*watched.mixed, *find_mixed(stays, watched.sightings), *strange]
    began = watched.sightings[0].revision if watched.sightings else 0
    own = [stay for stay in stays if stay.revision > began]
    delays = find_delays(own, watched.sightings)
    return Phase(
        seconds=round(seconds, 1),
        added=len(own),
        removed=sum(stay.removed != float("inf") for stay in stays),
        answers=watched.answers,
        failed=len(watched.failed),
        mixed=len(mixed),
        reasons=tuple([*watched.failed, *mixed][:TOLD]),
        answer_p50_ms=percentile(watched.times_ms, 50),
        answer_p95_ms=percentile(watched.times_ms, 95),
        answer_max_ms=percentile(watched.times_ms, 100),
        generations=len(watched.sightings),
        found=len(delays),
        delay_p50_s=percentile(delays, 50),
        delay_p95_s=percentile(delays, 95),
        delay_max_s=percentile(delays, 100),
    )
