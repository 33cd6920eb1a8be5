"""Join: first this, then that, a little later in the same video. Knows no kind of stage."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from search.layout import Indexes, Layout, Places
from search.moments import best_rows
from search.node import Node
from search.outcome import Counts, Evidence, Mask, Outcome, Score
from search.temporal import (
    Chains,
    Fusion,
    Stage,
    WithinMs,
    WithinShots,
    find_next,
    follow,
    fuse,
    link,
    score_chains,
)

if TYPE_CHECKING:
    from search.hits import Why
    from search.query import AnyNode
    from search.view import View

WITHIN_SHOTS = 4  # CVHunter's predecessor multiplies by the best of the next 4


class Then(Node):
    """Finds the shot of the first stage, where each later stage follows the one before it.

    A stage scores a shot by its best row. The next stage lies in one of the next `within_shots`
    shots, or starts at most `within_ms` after the end; never in the same shot. Scores are fused
    over the stages that score: `distance` is 1 - product of (1 - s), `similarity` the product of s,
    `harmonic` their harmonic mean; of several chains the best counts.
    """

    kind: Literal["then"] = "then"
    stages: tuple[AnyNode, ...] = Field(min_length=2, max_length=64)
    within_shots: int | None = Field(None, ge=1, le=10**6, description="By default 4.")
    within_ms: int | None = Field(None, ge=0, le=10**10)
    fusion: Fusion = "distance"

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.within_shots is not None and self.within_ms is not None:
            raise ValueError("within_shots and within_ms exclude each other: give one")
        return self

    @property
    def parts(self) -> tuple[Node, ...]:
        """The stages."""
        return self.stages

    @property
    def filters(self) -> bool:
        """Always: what is not followed does not hold."""
        return True

    @property
    def scores(self) -> bool:
        """If any stage does."""
        return any(stage.scores for stage in self.stages)

    def evaluate(self, view: View) -> Outcome:
        """The first stage's shot gets the chain's score; its best row is evidence."""
        layout = view.layout
        outcomes = [view.look(stage) for stage in self.stages]
        stages = [
            Stage(one.holds, None if one.score is None else one.score.of_shots(layout))
            for one in outcomes
        ]
        chains = link(stages, layout.window_ends(self._within), self.fusion)
        score = score_chains(chains, stages, self.fusion)
        holds = chains.holds[0]
        assert holds is not None, "nothing follows the last shot"

        def shown(places: Places) -> Counts:
            best = best_rows(outcomes[0], layout, places.shots)
            here: Mask = holds[places.shots] & (best.rows == places.rows)
            return here.astype(np.uint8)

        return _Linked(
            self.kind,
            holds,
            None if score is None else Score(score, by_row=False),
            chains=chains,
            shown=shown,
            evidence=lambda places: [{"fusion": self.fusion} for _ in range(len(places))],
            children=lambda places: _explain_stages(outcomes, chains, layout, places),
        )

    @property
    def parts_by_row(self) -> tuple[Node, ...]:
        """None: a stage counts by its best row."""
        return ()

    def error(self, of_leaf: Callable[[Node], float]) -> float:
        """At most that of all stages together."""
        return _sum_errors([stage.error(of_leaf) for stage in self.stages], self.fusion)

    def reach(
        self, view: View, shots: Indexes, of_leaf: Callable[[Node], float]
    ) -> Iterator[tuple[Node, Indexes]]:
        """Each stage at the shots that may be next in the best chains from those before."""
        said = view.look(self)
        assert isinstance(said, _Linked)
        errors = [stage.error(of_leaf) for stage in self.stages]
        holds = said.chains.holds[0]
        here = shots if holds is None else shots[holds[shots]]
        for number, stage in enumerate(self.stages):
            if number:
                slack = 2 * _sum_errors(errors[number:], self.fusion)
                here = find_next(said.chains, here, number, slack)
            yield stage, here
            yield from stage.reach(view, here, of_leaf)

    @property
    def _within(self) -> WithinShots | WithinMs:
        if self.within_ms is not None:
            return WithinMs(self.within_ms)
        return WithinShots(WITHIN_SHOTS if self.within_shots is None else self.within_shots)

    @staticmethod
    def score_of(why: Why, children: Sequence[float | None]) -> float | None:
        """The fused scores of the stages that score."""
        scored = [score for score in children if score is not None]
        return fuse(scored, why.evidence("fusion")) if scored else None


@dataclass(frozen=True, eq=False, kw_only=True)
class _Linked(Outcome):
    """What `then` says, with the chains that it found."""

    chains: Chains


def _sum_errors(errors: Sequence[float], fusion: Fusion) -> float:
    """Of a product of (distances of) stages; the harmonic mean of small scores is too steep."""
    total = math.fsum(errors)
    return math.inf if total and fusion == "harmonic" else total


def _explain_stages(
    outcomes: Sequence[Outcome], chains: Chains, layout: Layout, places: Places
) -> list[tuple[Why, ...]]:
    """What explains each stage, at the best row of the shot chosen for it; () without a chain."""
    told: list[tuple[Why, ...]] = [()] * len(places)
    holds = chains.holds[0]
    begins = np.arange(len(places)) if holds is None else np.flatnonzero(holds[places.shots])
    chosen = follow(chains, places.shots[begins])
    stages = [
        _explain_stage(outcome, layout, shots)
        for outcome, shots in zip(outcomes, chosen, strict=True)
    ]
    for place, reasons in zip(begins.tolist(), zip(*stages, strict=True), strict=True):
        told[place] = reasons
    return told


def _explain_stage(outcome: Outcome, layout: Layout, shots: Indexes) -> list[Why]:
    best = best_rows(outcome, layout, shots)
    columns = zip(
        layout.shot_ids(shots),
        layout.shots.start_ms[shots].tolist(),
        layout.shots.end_ms[shots].tolist(),
        layout.rows.time_ms[best.rows].tolist(),
        strict=True,
    )
    chosen: list[Evidence] = [
        {"stage": {"shot": shot, "start_ms": start_ms, "end_ms": end_ms, "time_ms": time_ms}}
        for shot, start_ms, end_ms, time_ms in columns
    ]
    return outcome.explain(best, also=chosen)
