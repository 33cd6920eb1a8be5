"""How many cores this process may use: those it is bound to, and its container's share of them.

Knows control groups of version 2 alone.
"""

import math
import os
from functools import cache
from pathlib import Path

GROUPS = Path("/sys/fs/cgroup")
OWN = Path("/proc/self/cgroup")


def count_cores() -> int:
    """At least one; a part of a core counts as one. The share is what it was when first asked."""
    return math.ceil(min(_count_bound(), _find_share()))


def read_share(groups: Path = GROUPS, own: Path = OWN) -> float:
    """The time of how many cores the control groups of this process allow: inf without a limit.

    Args:
        groups: where they are mounted; in a container that may be its own group alone.
        own: the file that names the group of this process.
    """
    names = [line[4:] for line in _read(own).splitlines() if line.startswith("0::/")]
    inside = groups.joinpath(*names)
    chain = [each for each in (inside, *inside.parents) if each.is_relative_to(groups)]
    return min(_share_of(_read(each / "cpu.max")) for each in chain)


def _share_of(limit: str) -> float:
    """What `quota period`, both in microseconds, comes to; a quota of `max` is no limit."""
    quota, _, period = limit.partition(" ")
    return int(quota) / int(period) if quota.isdecimal() else math.inf


def _read(file: Path) -> str:
    """Its text; nothing where it is not there, as on other systems."""
    try:
        return file.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""


@cache
def _find_share() -> float:
    return read_share()


def _count_bound() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
