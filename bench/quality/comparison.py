"""The score of every task, kept in a file, and a later run compared with it on the same tasks.

Knows no engine and no dataset.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analyzers.error import SettingsError
from bench.evaluate.intervals import Interval, bound_difference
from bench.quality.figures import QualityFigures, TaskScores


def write_scores(file: Path, figures: QualityFigures) -> None:
    """Write down the score of every task, from 0 to 1, with the commit that reached it.

    Raises:
        OSError: the file cannot be written.
    """
    kept = {
        "commit": figures.origin.commit,
        "scores": {kind: dict(scores) for kind, scores in figures.scores.items()},
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def read_scores(file: Path) -> TaskScores:
    """What `write_scores` wrote.

    Raises:
        SettingsError: the file cannot be read or is of another form.
    """
    try:
        scores: Any = json.loads(file.read_text(encoding="utf-8"))["scores"]
        return {
            kind: {task: float(score) for task, score in some.items()}
            for kind, some in scores.items()
        }
    except (OSError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise SettingsError(f"{file}: no scores as --keep writes them: {error}") from error


def compare_scores(ours: TaskScores, theirs: TaskScores) -> Mapping[str, Interval]:
    """By kind of task, our mean score less theirs, on the tasks that both were put.

    Raises:
        SettingsError: they have no task in common.
    """
    gains = {}
    for kind, scores in ours.items():
        shared = [task for task in scores if task in theirs.get(kind, {})]
        if shared:
            own, other = ([run[kind][task] for task in shared] for run in (ours, theirs))
            gains[kind] = bound_difference(own, other)
    if not gains:
        raise SettingsError("the two runs have no task in common: other films, or another seed")
    return gains
