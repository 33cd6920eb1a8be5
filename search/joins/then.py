"""Join: first this, then that, a little later in the same video. Knows no kind of stage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, model_validator

from search.moments import best_row, best_rows, shot_scores
from search.node import Node
from search.outcome import Outcome
from search.temporal import (
    Chains,
    Fusion,
    Stage,
    Windows,
    follow,
    fuse,
    link,
    score_chains,
    windows_by_ms,
    windows_by_shots,
)

if TYPE_CHECKING:
    from search.hits import Why
    from search.layout import Layout
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
        """All rows of the first stage's shot get the chain's score; its best row is evidence."""
        layout = view.layout
        outcomes = [view.look(stage) for stage in self.stages]
        stages = [
            Stage(layout.any_of_shots(one.mask), shot_scores(one, layout)) for one in outcomes
        ]
        chains = link(stages, self._windows(layout), self.fusion)
        score = score_chains(chains, stages, self.fusion)
        best = best_rows(outcomes[0], layout, stages[0].score)
        at = layout.nowhere()
        at[best[chains.holds[0][layout.rows.shot[best]]]] = 1
        return Outcome(
            self.kind,
            layout.spread(chains.holds[0]),
            None if score is None else layout.spread(score),
            layout.all(),
            at,
            lambda row: {"fusion": self.fusion},
            _stage_reasons(outcomes, chains, layout),
        )

    def _windows(self, layout: Layout) -> Windows:
        if self.within_ms is not None:
            return windows_by_ms(layout.videos, layout.shots, self.within_ms)
        within = WITHIN_SHOTS if self.within_shots is None else self.within_shots
        return windows_by_shots(layout.videos, layout.shots, within)

    @staticmethod
    def score_of(why: Why, children: Sequence[float | None]) -> float | None:
        """The fused scores of the stages that score."""
        scored = [score for score in children if score is not None]
        return fuse(scored, why.evidence("fusion")) if scored else None


def _stage_reasons(
    outcomes: Sequence[Outcome], chains: Chains, layout: Layout
) -> Callable[[int], list[Why]]:
    """What explains each stage, at the best row of the shot that was chosen for it."""

    def reasons(row: int) -> list[Why]:
        first = int(layout.rows.shot[row])
        if not chains.holds[0][first]:
            return []
        chosen = follow(chains, first)
        return [
            _explain_stage(outcome, layout, shot)
            for outcome, shot in zip(outcomes, chosen, strict=True)
        ]

    return reasons


def _explain_stage(outcome: Outcome, layout: Layout, shot: int) -> Why:
    row = best_row(outcome, layout, shot)
    chosen = {
        "shot": layout.shot_id(shot),
        "start_ms": int(layout.shots.start_ms[shot]),
        "end_ms": int(layout.shots.end_ms[shot]),
        "time_ms": int(layout.rows.time_ms[row]),
    }
    return outcome.explain(row, stage=chosen)
