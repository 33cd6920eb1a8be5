"""Cuts a page out of a list of hits; where asked, hits that look like one before are folded.

Folding goes down the list in steps, only as far as a page needs it. It looks at the list as it
stands otherwise, limits and grouping applied. Knows no query, no space.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from search.layout import Floats, Indexes
from search.near_duplicates import as_units, fold
from search.settling import Settling

# Where steps end, in hits. Lists that are folded are settled in the same blocks: for a page of a
# thousand hits not much more than a thousand are looked at.
STEPS = (1_200, 1_600, 2_000, 3_000, 4_000, 6_000, 8_000, 10_000)


@dataclass(frozen=True, eq=False)
class Page:
    """Some hits of a list, in order."""

    shots: Indexes  # (k,)
    similar: Indexes  # (k,) how many shots are folded under each, as far as was looked
    first_rank: int
    is_last: bool


def cut_page(settling: Settling, offset: int, count: int) -> Page:
    """A page of the list as it is.

    Args:
        settling: the list.
        offset: hits before the page.
        count: hits on it, at most.
    """
    shots = settling.list_first(offset + count)[offset:]
    is_last = not len(shots) or offset + len(shots) >= settling.total
    return Page(shots, np.zeros(len(shots), np.int64), offset + 1, is_last)


def cut_distinct_page(
    settling: Settling, offset: int, count: int, look: Callable[[Indexes], Floats], least: float
) -> Page:
    """A page of the list without what looks like a hit before it.

    Beyond the last step the list goes on as it is. A shot of which there is no vector stays.

    Args:
        settling: the list.
        offset: hits before the page; those that are folded do not count.
        count: hits on it, at most.
        look: gives shots (k,) the vector (k, dim) of the moment that counts, zeros without one.
        least: the cosine from which on two are the same picture, > 0.
    """
    under = np.zeros(0, np.int64)
    vectors: list[Floats] = []
    for end in STEPS:
        listed = settling.list_first(end)
        vectors.append(as_units(look(listed[len(under) :])))
        under = fold(np.concatenate(vectors), least, under)
        stays = np.flatnonzero(under == np.arange(len(under)))
        if len(stays) > offset + count or len(listed) < end:
            break
    folded = len(listed) - len(stays)
    whole = settling.list_first(folded + offset + count + 1)[len(listed) :]
    shots = np.append(listed[stays], whole)[offset : offset + count + 1]
    similar = np.append(np.bincount(under)[stays] - 1, np.zeros_like(whole))
    similar = similar[offset : offset + count]
    return Page(shots[:count], similar, offset + 1, len(shots) <= count)
