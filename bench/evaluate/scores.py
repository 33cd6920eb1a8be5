"""Points for a searcher, by the formulas of the evaluation server DRES 2.0.

The Video Browser Showdown is run with it: `KisTaskScorer` and `NewAvsTaskScorer`. Times are
seconds. Knows no user and no engine.
"""

from collections import defaultdict
from collections.abc import Iterable

MOST = 1000.0
LEAST_FOR_FOUND = 500.0  # at the end of the time
PENALTY = 100.0  # of each wrong submission
SHARE_LOST = 0.2  # of a video's point, for each wrong submission before its first right one


def score_known_item(found_s: float | None, limit_s: float, wrong: int) -> float:
    """max(0, 500 + 500 (1 - t / T) - 100 wrong); 0 if it was not found in time.

    Args:
        found_s: t, when the right one was submitted; None: never.
        limit_s: T, the time there was.
        wrong: submissions before it that were wrong.
    """
    if found_s is None or found_s > limit_s:
        return 0.0
    left = 1.0 - found_s / limit_s
    return max(0.0, LEAST_FOR_FOUND + (MOST - LEAST_FOR_FOUND) * left - PENALTY * wrong)


def score_ad_hoc(submissions: Iterable[tuple[str, bool]], videos_found_by_all: int) -> float:
    """1000 * (sum over the videos submitted of their points) / videos found by all, at least 0.

    A video's points are 1 - 0.2 n with n wrong submissions before its first right one; those after
    it cost nothing. With none right, they are -0.2 n.

    Args:
        submissions: (video, right) in the order of submission.
        videos_found_by_all: distinct videos of which any team submitted a right piece; a team that
            plays alone has only its own, or all that truth knows.
    """
    verdicts: dict[str, list[bool]] = defaultdict(list)
    for video, is_right in submissions:
        verdicts[video].append(is_right)
    if not videos_found_by_all:
        return 0.0
    points = sum(_score_video(told) for told in verdicts.values())
    return max(0.0, MOST * points / videos_found_by_all)


def _score_video(verdicts: list[bool]) -> float:
    if True not in verdicts:
        return -SHARE_LOST * len(verdicts)
    return 1.0 - SHARE_LOST * verdicts.index(True)
