"""Whether the made world is hard enough: what one cue alone reaches, beside all of them.

Relations, actions, questions, and search by captions, each measured from plans and truth alone.
Knows no model and no picture.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from bench.world.making import tell
from bench.world.one_cue import LEAST_GAP, MOST_SHARE, judge_actions, judge_relations
from bench.world.one_cue_words import measure_captions, measure_questions
from bench.world.story import plan_video
from bench.world.truth import VERSION


@dataclass(frozen=True)
class Hardness:
    """One task: the best cue alone must stay well below all cues together."""

    task: str
    measure: str
    n: int
    together: float
    best_cue: str
    best_alone: float

    @property
    def verdict(self) -> str:
        """`ok` where the best cue is <= 0.7 of all together and >= 0.2 below them."""
        gap = self.together - self.best_alone
        is_hard = self.best_alone <= MOST_SHARE * self.together and gap >= LEAST_GAP
        return "ok" if is_hard else "missed"

    def to_json(self) -> dict[str, Any]:
        """One object."""
        return {**asdict(self), "verdict": self.verdict}


@dataclass(frozen=True)
class WorldHardness:
    """All tasks of one world."""

    seed: int
    films: int
    tasks: tuple[Hardness, ...]
    version: int = VERSION

    def to_json(self) -> dict[str, Any]:
        """One object, as `bench world cues --json` prints it."""
        tasks = [task.to_json() for task in self.tasks]
        return {"bench": "world cues", **asdict(self), "tasks": tasks}


def measure_hardness(
    seed: int, films: int, tell_progress: Callable[[str], None] = lambda _: None
) -> WorldHardness:
    """Measure on test films; what is learned for it is learned from 2.5 times as many others.

    Args:
        seed: of the world.
        films: test films.
        tell_progress: hears what is being done.
    """
    learnt = [plan_video(seed, "train", number) for number in range(films * 5 // 2)]
    judged = [plan_video(seed, "test", number) for number in range(films)]
    tell_progress("relations and actions")
    tasks = [
        Hardness(
            each.task, "macro accuracy", each.judged_on, each.together, *each.alone[0]
        )
        for each in (judge_relations(learnt, judged), judge_actions(learnt, judged))
    ]  # fmt: skip
    tell_progress("truth of the test films")
    truths = [tell(plan) for plan in judged]
    tell_progress("questions and captions")
    questions = [
        (each.cue, each.accuracy, each.n)
        for each in measure_questions(truths)
        if each.kind == "all"
    ]
    tasks.append(_sum_up("questions", "accuracy", questions))
    figures = measure_captions(truths)
    for kind in ("terse", "novice", "expert"):
        cues = [(each.cue, each.recall_at_10, each.n) for each in figures if each.captions == kind]
        tasks.append(_sum_up(f"{kind} captions", "recall@10", cues))
    return WorldHardness(seed, films, tuple(tasks))


def _sum_up(task: str, measure: str, cues: Iterable[tuple[str, float, int]]) -> Hardness:
    together = next(each for each in cues if each[0] == "all")
    best = max((each for each in cues if each[0] != "all"), key=lambda each: each[1])
    return Hardness(task, measure, together[2], together[1], best[0], best[1])
