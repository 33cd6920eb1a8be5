"""How true boxes are made worse: written down before the first run, and not changed by results.

Knows no film and no result.
"""

from dataclasses import dataclass
from itertools import product

SEEDS = (0, 1, 2, 3, 4)
QUICK_SEEDS = (0, 1)


@dataclass(frozen=True)
class Cell:
    """How bad the detectors are."""

    missed: float  # share of all true boxes, of faces and of actions
    false_alarms: float  # expected in a shot, of faces and of actions
    box_noise: float  # deviation of each side, as a share of the box's width or height
    confused: float  # share of all acts that are taken for another action


@dataclass(frozen=True)
class ScoreModel:
    """The scores of one detected thing: normal, a mean per track with noise around it."""

    mean: float
    track_deviation: float
    sample_deviation: float = 0.05


GRID = tuple(
    Cell(*worse) for worse in product((0.1, 0.3, 0.5), (0.5, 2.0), (0.05, 0.15), (0.1, 0.3))
)
QUICK_GRID = tuple(Cell(missed, 0.5, 0.15, 0.3) for missed in (0.1, 0.3, 0.5))

# A third of what is missed is missed for the whole shot, as detectors miss profiles; the rest in
# runs of so many samples, as they miss what is blurred or hidden.
WHOLE_SHOT = 1 / 3
RUN_SAMPLES = 4
FALSE_SAMPLES = 8  # for so long a false alarm lasts, or to the shot's end
FALSE_ON_PERSON = 0.5  # share of false actions that lie on a person; false faces lie anywhere
FALSE_SIDES = (0.05, 0.3)  # least and most width and height of false alarms elsewhere

SAME_PERSON = ScoreModel(0.6, 0.1)  # cosine of a face to the person's own
OTHER_PERSON = ScoreModel(0.15, 0.1)  # and to somebody else's, of false faces too
LEAST_FACE = 0.4  # the gate
TRUE_ACTION = ScoreModel(0.6, 0.15)
FALSE_ACTION = ScoreModel(0.4, 0.15)

TOPICS_OF_FAMILY = 10  # of what people do alone, with a thing, with each other
MOST_ALIKE = 2  # topics of one person, and topics of one action
LEAST_RELEVANT, QUICK_LEAST_RELEVANT = 4, 2  # shots of a topic
DEPTH = 1000  # shots of each list that are looked at, as TRECVID does
