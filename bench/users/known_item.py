"""A simulated user in search of one target that it knows.

It types the vaguest caption, looks through some pages, and types a more exact one while it has not
found the target; the most exact one is typed again and again. A hit of the right video may be
opened to look around in it. Chance is named by query and page, not by what an engine showed before,
so that two engines meet the same user. Knows nothing of how an engine ranks.
"""

from collections.abc import Sequence

from bench.evaluate.hits import WRONG, Hit, find_goals
from bench.evaluate.scores import score_known_item
from bench.users.engine import Browsable, Engine
from bench.users.habits import Habits, word_query
from bench.users.tasks import KnownItem, KnownItemOutcome
from bench.users.watch import TimeIsOut, Watch
from bench.world.dice import Dice


def search_known_item(
    engine: Engine, task: KnownItem, habits: Habits, *, limit_s: float = 300.0, seed: int = 0
) -> KnownItemOutcome:
    """Let a user search until it has found the target or the time is out.

    Args:
        engine: to search with; one with `neighbours` is browsed.
        task: what is sought.
        habits: of the user.
        limit_s: the time there is; VBS gives 300 s for a target seen, 420 s for one described.
        seed: the same seed and engine give the same outcome.

    Raises:
        ValueError: the task has no caption.
    """
    if not task.captions:
        raise ValueError(f"nobody can search for {task.id}: it has no caption")
    return _Search(engine, task, habits, limit_s, Dice(seed, "known item", task.id)).run()


class _Search:
    """One user, one task."""

    def __init__(
        self, engine: Engine, task: KnownItem, habits: Habits, limit_s: float, dice: Dice
    ) -> None:
        self._engine, self._task, self._habits, self._dice = engine, task, habits, dice
        self._watch = Watch(limit_s)
        self._queries = 0
        self._submitted: set[Hit] = set()  # all wrong: the right one ends the search
        self._opened: set[Hit] = set()

    def run(self) -> KnownItemOutcome:
        try:
            while not self._ask():
                pass
            found_s: float | None = self._watch.seconds
        except TimeIsOut:
            found_s = None
        wrong = len(self._submitted)
        return KnownItemOutcome(
            self._task.id,
            found_s is not None,
            self._watch.interactions,
            self._watch.seconds,
            self._queries,
            wrong,
            score_known_item(found_s, self._watch.limit_s, wrong),
        )

    def _ask(self) -> bool:
        """Type a query and look through its pages; true: found."""
        habits, dice = self._habits, self._dice.split(self._queries)
        caption = self._task.captions[min(self._queries, len(self._task.captions) - 1)]
        text = word_query(caption, habits, dice)
        self._watch.act(habits.think_s + habits.letter_s * len(text))
        self._queries += 1
        hits = self._engine.rank(text, habits.page_hits * habits.pages)
        for number, first in enumerate(range(0, len(hits), habits.page_hits)):
            if number:
                self._watch.act(habits.turn_s)
            if self._look(hits[first : first + habits.page_hits], dice.split(number)):
                return True
        return False

    def _look(self, page: Sequence[Hit], dice: Dice) -> bool:
        """Look at a page, best first; true: found."""
        habits = self._habits
        slip = dice.whole(0, habits.page_hits - 1) if dice.happens(habits.mistake) else None
        for place, (hit, is_right) in enumerate(zip(page, self._judge(page), strict=True)):
            self._watch.wait(habits.look_s)
            if is_right:
                if self._notice(dice):
                    return True
            elif place == slip and hit not in self._submitted:
                self._watch.act(habits.submit_s)
                self._submitted.add(hit)
            elif hit.video in self._task.goal.videos and self._browse(hit, dice):
                return True
        return False

    def _browse(self, hit: Hit, dice: Dice) -> bool:
        """Perhaps open the video and look around the hit; true: found."""
        engine, habits = self._engine, self._habits
        if not isinstance(engine, Browsable) or hit in self._opened:
            return False
        if not dice.happens(habits.browse):
            return False
        self._opened.add(hit)
        self._watch.act(habits.open_s)
        around = engine.neighbours(hit)
        for is_right in self._judge(around):
            self._watch.wait(habits.look_s)
            if is_right and self._notice(dice):
                return True
        return False

    def _notice(self, dice: Dice) -> bool:
        """Submit the right hit that is looked at, unless it is overlooked."""
        if dice.happens(self._habits.overlook):
            return False
        self._watch.act(self._habits.submit_s)
        return True

    def _judge(self, hits: Sequence[Hit]) -> list[bool]:
        goals = find_goals(hits, (self._task.goal,), self._task.least_ms)
        return [bool(goal != WRONG) for goal in goals]
