"""Chance that falls the same on every machine and in every release of Python.

Only `random.Random.random()` is promised to stay the same between releases; everything else here
is made from it. Streams are named, so that one more throw in one place moves nothing in another.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A stream of chance, named by what it is thrown for."""

    def __init__(self, *names: object) -> None:
        """Begin the stream of these names, as `Dice(seed, "cast", 3)`."""
        self._names = names
        digest = sha256("/".join(str(name) for name in names).encode()).digest()
        self._random = Random(int.from_bytes(digest[:8], "big"))

    def split(self, *names: object) -> "Dice":
        """A stream of its own, which does not depend on how often this one was thrown."""
        return Dice(*self._names, *names)

    def share(self) -> float:
        """From 0 up to, not including, 1."""
        return self._random.random()

    def between(self, low: float, high: float) -> float:
        """A number from `low` up to `high`."""
        return low + (high - low) * self.share()

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self.share() * (high - low + 1))

    def happens(self, chance: float) -> bool:
        """True with this probability."""
        return self.share() < chance

    def choose(self, items: Sequence[T]) -> T:
        """One of these.

        Raises:
            IndexError: there are none.
        """
        return items[int(self.share() * len(items))]

    def weigh(self, weights: Mapping[T, float]) -> T:
        """One of the keys, each in proportion to its weight."""
        left = self.share() * sum(weights.values())
        for item, weight in weights.items():
            left -= weight
            if left < 0:
                return item
        return list(weights)[-1]

    def shuffle(self, items: Sequence[T]) -> list[T]:
        """All of these in a chance order."""
        rest = list(items)
        for last in range(len(rest) - 1, 0, -1):
            other = self.whole(0, last)
            rest[last], rest[other] = rest[other], rest[last]
        return rest

    def sample(self, items: Sequence[T], count: int) -> list[T]:
        """`count` different ones of these, or all if there are fewer."""
        return self.shuffle(items)[:count]
