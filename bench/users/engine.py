"""What a simulated user needs of a search engine: one method. Any engine can be put behind it."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from bench.evaluate.hits import Hit


class Engine(Protocol):
    """Answers a text; the same text gets the same answer."""

    def rank(self, query_text: str, k: int) -> Sequence[Hit]:
        """The best `k` hits, best first; fewer if there are no more."""
        ...


@runtime_checkable
class Browsable(Protocol):
    """An engine that can also show what lies around a hit in its video."""

    def neighbours(self, hit: Hit) -> Sequence[Hit]:
        """What is near in time, in the order in which it is shown."""
        ...
