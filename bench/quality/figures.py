"""The figures of a quality run, and how they are written down."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, TypeAlias

from bench.evaluate.cuts import ShotFigures
from bench.evaluate.intervals import Interval
from bench.evaluate.ranking import AdHocFigures, KnownItemFigures
from bench.origin import Origin

TaskScores: TypeAlias = Mapping[str, Mapping[str, float]]  # by kind and id of task, 0 to 1


@dataclass(frozen=True)
class Target:
    """A figure beside what it should reach."""

    name: str
    reached: float
    target: float

    @property
    def verdict(self) -> str:
        """`ok` or `missed`."""
        return "ok" if self.reached >= self.target else "missed"

    def to_json(self) -> dict[str, Any]:
        """One object."""
        return {**asdict(self), "verdict": self.verdict}


@dataclass(frozen=True)
class Baseline:
    """What something simpler reaches on the same tasks."""

    name: str
    says: str
    known: Mapping[str, KnownItemFigures] = field(default_factory=dict)  # by kind of task


@dataclass(frozen=True)
class QualityFigures:
    """How well one collection is searched."""

    dataset: str
    space: str
    shots: int
    films: int
    known_by_text: Mapping[str, KnownItemFigures]
    by_picture: KnownItemFigures
    pairs: Mapping[str, KnownItemFigures]
    then_gains: Interval  # mean reciprocal rank of `then` less that of the first stage alone
    ad_hoc: AdHocFigures
    recall_10: Mapping[str, Interval]  # by kind of caption
    cuts: ShotFigures | None
    baselines: tuple[Baseline, ...]
    targets: tuple[Target, ...]
    seconds: Mapping[str, float]
    origin: Origin
    scores: TaskScores = field(default_factory=dict)
    gains: Mapping[str, Interval] = field(default_factory=dict)  # over an earlier run, by kind

    @property
    def verdict(self) -> str:
        """`missed` if one target was."""
        return "missed" if any(each.verdict == "missed" for each in self.targets) else "ok"

    def to_json(self) -> dict[str, Any]:
        """One object, as `bench quality --json` prints it."""
        return {
            "bench": "quality",
            **self.origin.to_json(),
            "dataset": {
                "name": self.dataset, "films": self.films, "shots": self.shots, "space": self.space
            },
            "tkis": {name: each.to_json() for name, each in self.known_by_text.items()},
            "vkis": self.by_picture.to_json(),
            "temporal": {
                **{name: each.to_json() for name, each in self.pairs.items()},
                "then_gains": self.then_gains.to_json(),
            },
            "avs": self.ad_hoc.to_json(),
            "shots": self.cuts.to_json() if self.cuts else None,
            "intervals": {name: each.to_json() for name, each in self.recall_10.items()},
            "baselines": {
                each.name: {
                    "says": each.says,
                    **{kind: one.to_json() for kind, one in each.known.items()},
                }
                for each in self.baselines
            },
            "targets": [each.to_json() for each in self.targets],
            "gains": {kind: each.to_json() for kind, each in self.gains.items()},
            "seconds": dict(self.seconds),
            "verdict": self.verdict,
        }  # fmt: skip
