"""How sure a figure is: percentile intervals by resampling the tasks.

Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, section 13.3. The seed makes the
interval the same each time. Knows nothing of what the values mean.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Statistic: TypeAlias = Callable[[Floats], Floats]  # (resamples, tasks) to (resamples,)

RESAMPLES = 1000
AT_ONCE = 2_000_000  # values held while resampling


@dataclass(frozen=True)
class Interval:
    """A figure, and the bounds between which 95 of 100 resamples have it."""

    value: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Zero lies outside: as a difference, it is one."""
        return self.low > 0 or self.high < 0

    def to_json(self) -> dict[str, Any]:
        """One object; what is not finite is null."""
        return {
            key: float(value) if np.isfinite(value) else None for key, value in asdict(self).items()
        }


def mean_of_rows(values: Floats) -> Floats:
    """(resamples, tasks) to (resamples,): the mean."""
    return np.asarray(values.mean(axis=1))


def median_of_rows(values: Floats) -> Floats:
    """(resamples, tasks) to (resamples,): the median; values may be `inf`."""
    return np.asarray(np.median(values, axis=1))


def bound(
    values: ArrayLike, statistic: Statistic = mean_of_rows, *, seed: int = 0, share: float = 0.95
) -> Interval:
    """A statistic of tasks with its percentile interval of 1,000 resamples.

    Args:
        values: (tasks,) one figure of each; at least one.
        statistic: mean or median of rows, or one's own.
        seed: the same seed gives the same interval.
        share: of the resamples between the bounds.

    Raises:
        ValueError: there is no value.
    """
    own = _read(values)
    return _bound(lambda picks: statistic(own[picks]), len(own), seed, share)


def bound_difference(
    ours: ArrayLike,
    theirs: ArrayLike,
    statistic: Statistic = mean_of_rows,
    *,
    seed: int = 0,
    share: float = 0.95,
) -> Interval:
    """The statistic of ours less that of theirs, on the same tasks, which are resampled together.

    Args:
        ours: (tasks,) finite figures.
        theirs: (tasks,) of the same tasks in the same order.
        statistic: mean or median of rows, or one's own.
        seed: the same seed gives the same interval.
        share: of the resamples between the bounds.

    Raises:
        ValueError: there is no value, or there are not as many of both.
    """
    own, other = _read(ours), _read(theirs)
    if own.shape != other.shape:
        raise ValueError(f"{len(own)} tasks of ours, {len(other)} of theirs")
    return _bound(
        lambda picks: statistic(own[picks]) - statistic(other[picks]), len(own), seed, share
    )


def _read(values: ArrayLike) -> Floats:
    read = np.asarray(values, dtype=np.float64)
    if read.ndim != 1 or not len(read):
        raise ValueError(f"one value of each task, and at least one; the array is {read.shape}")
    return read


def _bound(
    measure: Callable[[NDArray[np.int64]], Floats], tasks: int, seed: int, share: float
) -> Interval:
    chance = np.random.default_rng(seed)
    rows = max(1, AT_ONCE // tasks)
    counts = [min(rows, RESAMPLES - done) for done in range(0, RESAMPLES, rows)]
    seen = np.concatenate([measure(chance.integers(tasks, size=(n, tasks))) for n in counts])
    outside = (1 - share) / 2
    # A value that occurred, not one between two: infinite ranks stay infinite.
    low, high = np.quantile(seen, (outside, 1 - outside), method="inverted_cdf")
    value = measure(np.arange(tasks)[None, :])[0]
    return Interval(float(value), float(low), float(high))
