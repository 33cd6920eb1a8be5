"""Looks whether the search files of a collection are whole. Changes nothing: `rebuild` does."""

from pathlib import Path

from indexer.generations.opening import INDEXES, find_damage, find_generations
from indexer.records import Problem, ProblemKind


def check_generations(folder: Path) -> list[Problem]:
    """The generations of a collection's folder whose files are not as their manifests say."""
    found = ((name, find_damage(folder, name)) for name in find_generations(folder))
    return [
        Problem(ProblemKind.FILE_DAMAGED, f"{INDEXES}/{name}", damage)
        for name, damage in found
        if damage is not None
    ]
