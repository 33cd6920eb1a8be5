"""The order of hits where scores rest on estimates: the best are looked at closely, then ordered.

Hits are settled in blocks, each from half as many candidates more than it lists, or a quarter where
hits are grouped by video: from those of the next videos, and the best of later ones. What a block
does not list competes again in the next. What a block listed stays in its place, so pages fit
together whatever their size, and where it ends amid a video, the next begins with its rest. Beyond
the last block the order is that of the estimates. Knows no query.
"""

from collections.abc import Callable, Sequence

import numpy as np

from search.close_look import CloseLook
from search.layout import Floats, Indexes
from search.ranking import Ranking

BLOCKS = (1_000, 4_000, 10_000)  # where they end, in hits
MARGIN = 0.5  # candidates for each hit, beside as many as there are hits
MOST_LOOKS = 20  # in a block; one or two are usual


class Settling:
    """Settles as much of a list as is asked for.

    Args:
        scores: (s,) of all shots, below 0 where a shot is no hit; estimates in it are replaced.
        ranking: the order of hits.
        look: looks closely at shots (k,), ascending.
        blocks: where they end; none where no score is an estimate.
    """

    def __init__(
        self,
        scores: Floats,
        ranking: Ranking,
        look: Callable[[Indexes], CloseLook],
        blocks: Sequence[int] = BLOCKS,
    ) -> None:
        self.scores = scores
        self._ranking, self._look, self._blocks = ranking, look, blocks
        self.looks: list[CloseLook] = []
        self.look_of = np.full(len(scores), -1, np.int16)  # (s,) number of the look; -1: none
        self._listed: Indexes = np.zeros(0, np.int64)
        for end in blocks[:1]:
            self._settle(end)
        self.total = ranking.count(scores)  # hits in all, the same for every page

    def list_first(self, count: int) -> Indexes:
        """The first so many shots in order, fewer where there are no more."""
        for before, end in zip(self._blocks, self._blocks[1:], strict=False):
            if before == len(self._listed) < count:
                self._settle(end)
        if count <= len(self._listed) or self._has_all():
            return self._listed[:count]
        return self._list(count)

    def find_rows(self, shots: Indexes) -> Indexes:
        """The best row of each shot (k,), looked at closely where that was not done before."""
        self._look_at(shots)
        rows, look_of = np.empty(len(shots), np.int64), self.look_of[shots]
        for number in np.unique(look_of).tolist():
            here = look_of == number
            rows[here] = self.looks[number].find_rows(shots[here])
        return rows

    def _has_all(self) -> bool:
        """Whether the list ended before the last block did."""
        return bool(self._blocks) and len(self._listed) < self._blocks[-1]

    def _settle(self, end: int) -> None:
        """Look closely at the candidates, and at what takes the place of those that fall."""
        self._look_at(self._ranking.find_competing(self._pinned(), end, int(MARGIN * end)))
        for _ in range(MOST_LOOKS):
            order = self._list(end)
            if not self._look_at(order):
                break
        self._listed = order

    def _look_at(self, shots: Indexes) -> bool:
        """Look at those that were not looked at yet; False where all were."""
        fresh = np.sort(shots[self.look_of[shots] < 0])
        if not len(fresh):
            return False
        look = self._look(fresh)
        self.look_of[fresh] = len(self.looks)
        self.scores[fresh] = look.scores()
        self.looks.append(look)
        return True

    def _list(self, count: int) -> Indexes:
        """What is listed, and what comes next, so many in all."""
        order = self._ranking.list_first(self._pinned(), count)
        if not len(self._listed):
            return order
        return np.append(self._listed, order[~np.isin(order, self._listed)])[:count]

    def _pinned(self) -> Floats:
        """The scores (s,), of what is listed so high that it stays where it is."""
        return self._ranking.pin(self.scores, self._listed) if len(self._listed) else self.scores
