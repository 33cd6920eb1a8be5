"""Groups that stand one after the other in a column: where the members of chosen groups are.

Knows nothing of what the groups are.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def find_members(
    first: NDArray[np.int64], groups: NDArray[np.integer[Any]]
) -> slice | NDArray[np.int64]:
    """The places of all members of some groups, group after group.

    Args:
        first: (g + 1,) where each group begins in the column.
        groups: (k,) numbers of groups, in any order.

    Returns:
        A slice where the groups are neighbours, else the places one by one.
    """
    if len(groups) == 0:
        return slice(0, 0)
    if bool((np.diff(groups) == 1).all()):
        return slice(int(first[groups[0]]), int(first[groups[-1] + 1]))
    sizes = first[groups + 1] - first[groups]
    ahead = np.cumsum(sizes) - sizes
    members: NDArray[np.int64] = np.arange(sizes.sum()) + np.repeat(first[groups] - ahead, sizes)
    return members
