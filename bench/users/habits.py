"""How a simulated user behaves: chances of error, and what each act costs in seconds.

The costs are set so that a task of five minutes that fails takes some ten queries; none is fitted.
Knows nothing of tasks and engines.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bench.world.dice import Dice


@dataclass(frozen=True)
class Habits:
    """A user. With all chances at 0 it types what it was given and sees what is there."""

    page_hits: int = 24  # on a page
    pages: int = 3  # looked through before another query
    overlook: float = 0.1  # chance not to see a right hit
    mistake: float = 0.02  # chance, on each page, to submit one of its hits that is wrong
    browse: float = 0.5  # chance to open a hit of the right video that is not the right moment
    drop_word: float = 0.05  # chance of each word not to be typed
    swap_word: float = 0.2  # chance of each word that has synonyms to be typed as one of them
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # lower case
    think_s: float = 5.0  # before a query
    letter_s: float = 0.2  # to type one
    look_s: float = 0.3  # at one hit
    turn_s: float = 1.0  # a page
    open_s: float = 3.0  # a video
    submit_s: float = 2.0
    mark_s: float = 0.7  # one of many, in an ad-hoc task

    def __post_init__(self) -> None:
        """Check what would make a search endless or empty.

        Raises:
            ValueError: pages without hits, or a query that takes no time.
        """
        if self.page_hits < 1 or self.pages < 1:
            raise ValueError("a user looks at one page of one hit at least")
        if self.think_s <= 0:
            raise ValueError("a query takes time: else a user types for ever")


def word_query(caption: str, habits: Habits, dice: Dice) -> str:
    """The caption as this user types it: some words left out, some said otherwise.

    At least one word is typed, if the caption has one.
    """
    words = caption.split()
    kept = [word for word in words if not dice.happens(habits.drop_word)] or words[:1]
    return " ".join(_say(word, habits, dice) for word in kept)


def _say(word: str, habits: Habits, dice: Dice) -> str:
    others = habits.synonyms.get(word.lower(), ())
    return dice.choose(others) if others and dice.happens(habits.swap_word) else word
