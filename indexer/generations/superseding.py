"""Removes the search files of before at once, where nothing of them may stay on the disk.

As a rule the generation before the newest is kept for servers; one that has it open goes on with
it until it takes over the newest. Knows no catalog.
"""

from pathlib import Path

from indexer.collection import Collection
from indexer.generations.build import bring_up_to_date
from indexer.generations.opening import HALF_MADE, INDEXES, find_generations
from indexer.generations.planning import Rules
from indexer.generations.writing import Builder

CLEAN = Rules(most_dead=0)  # a part with anything dead in it is written anew


def supersede(collection: Collection) -> str | None:
    """Make search files that hold nothing but what the collection holds, and remove all others.

    Parts in which nothing was changed or removed are taken over. Where there are no search files
    none are made. Gives the name of the generation.
    """
    if not find_generations(collection.folder):
        _remove_older(collection.folder, None)
        return None
    name = bring_up_to_date(collection, rules=CLEAN)
    _remove_older(collection.folder, name)
    return name


def _remove_older(folder: Path, name: str | None) -> None:
    """Remove the generations before this one, and all parts that no other names."""
    if not (folder / INDEXES).exists():
        return
    with Builder(folder):  # clears what is half-made or unused when it begins and when it ends
        for old in find_generations(folder):
            if name is not None and old < name:
                place = folder / INDEXES / old
                place.rename(place.with_name(f"{old}{HALF_MADE}"))
