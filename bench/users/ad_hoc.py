"""A simulated user that collects whatever fits, page by page, until the time is out.

It goes through as many pages of each caption's answer as it has habits for, then takes the next
caption, and after the last the first again. What it marked it does not mark twice. Knows nothing of
how an engine ranks.
"""

from collections.abc import Sequence

from bench.evaluate.hits import WRONG, Hit, find_goals
from bench.evaluate.scores import score_ad_hoc
from bench.users.engine import Engine
from bench.users.habits import Habits, word_query
from bench.users.tasks import AdHoc, AdHocOutcome
from bench.users.watch import TimeIsOut, Watch
from bench.world.dice import Dice


def search_ad_hoc(
    engine: Engine, task: AdHoc, habits: Habits, *, limit_s: float = 300.0, seed: int = 0
) -> AdHocOutcome:
    """Let a user collect what fits, for as long as there is time.

    Args:
        engine: to search with.
        task: what fits, and how one may ask for it.
        habits: of the user; many `pages` suit this task.
        limit_s: the time there is.
        seed: the same seed and engine give the same outcome.

    Raises:
        ValueError: the task has no caption.
    """
    if not task.captions:
        raise ValueError(f"nobody can search for {task.id}: it has no caption")
    return _Collection(engine, task, habits, limit_s, Dice(seed, "ad hoc", task.id)).run()


class _Collection:
    """One user, one task."""

    def __init__(
        self, engine: Engine, task: AdHoc, habits: Habits, limit_s: float, dice: Dice
    ) -> None:
        self._engine, self._task, self._habits, self._dice = engine, task, habits, dice
        self._watch = Watch(limit_s)
        self._queries = 0
        self._met: set[int] = set()  # goals
        self._mistaken: set[Hit] = set()
        self._submissions: list[tuple[str, bool]] = []

    def run(self) -> AdHocOutcome:
        try:
            while True:
                self._ask()
        except TimeIsOut:
            right = len(self._met)
        return AdHocOutcome(
            self._task.id,
            right,
            len(self._mistaken),
            self._watch.interactions,
            self._queries,
            right / max(len(self._task.goals), 1),
            score_ad_hoc(self._submissions, len(self._task.videos)),
        )

    def _ask(self) -> None:
        habits, dice = self._habits, self._dice.split(self._queries)
        caption = self._task.captions[self._queries % len(self._task.captions)]
        text = word_query(caption, habits, dice)
        self._watch.act(habits.think_s + habits.letter_s * len(text))
        self._queries += 1
        hits = self._engine.rank(text, habits.page_hits * habits.pages)
        for number, first in enumerate(range(0, len(hits), habits.page_hits)):
            if number:
                self._watch.act(habits.turn_s)
            self._mark(hits[first : first + habits.page_hits], dice.split(number))

    def _mark(self, page: Sequence[Hit], dice: Dice) -> None:
        habits = self._habits
        slip = dice.whole(0, habits.page_hits - 1) if dice.happens(habits.mistake) else None
        goals = find_goals(page, self._task.goals, self._task.least_ms)
        for place, (hit, goal) in enumerate(zip(page, goals.tolist(), strict=True)):
            self._watch.wait(habits.look_s)
            if goal == WRONG:
                if place == slip and hit not in self._mistaken:
                    self._submit(hit, is_right=False)
                    self._mistaken.add(hit)
            elif goal not in self._met and not dice.happens(habits.overlook):
                self._submit(hit, is_right=True)
                self._met.add(goal)

    def _submit(self, hit: Hit, *, is_right: bool) -> None:
        self._watch.act(self._habits.mark_s)
        self._submissions.append((hit.video, is_right))
