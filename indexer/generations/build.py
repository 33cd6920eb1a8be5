"""Builds generations from a collection: a whole one, or what has changed beside what is there."""

from collections.abc import Callable, Sequence, Set

import numpy as np

from analyzers.encoder import Space
from analyzers.error import ShotseekError
from indexer.collection import Collection
from indexer.generations.coding import Coding
from indexer.generations.generation import Generation
from indexer.generations.joining import number_parts
from indexer.generations.manifest import GenerationMissing, GenerationUnreadable
from indexer.generations.opening import find_generations, open_generation
from indexer.generations.part import Part
from indexer.generations.planning import QUICK, THOROUGH, KeptPart, Plan, Rules, make_plan
from indexer.generations.reading import (
    VectorsUnreadable,
    View,
    find_unreadable,
    note_of,
    open_view,
)
from indexer.generations.writing import Builder, Origin, Use, use_all

TRIES = 3
Tell = Callable[[str], None]


def build_generation(collection: Collection, on_progress: Tell = lambda stage: None) -> str:
    """Make all search files anew, as one part; gives the generation's name.

    Memory stays bounded: words, labels and vectors are streamed. Where another process replaces
    files of vectors before they are read, building begins again; where files are missing or
    damaged, it begins again without them, and the generation has a note that says so.
    """
    return _Building(collection, on_progress, None).build()


def bring_up_to_date(
    collection: Collection, on_progress: Tell = lambda stage: None, rules: Rules = THOROUGH
) -> str:
    """Build a generation, unless the newest is whole and holds what the collection holds now.

    What did not change is taken over from the newest and not read. Where many small parts are put
    together or a new base is made, what is new is found before that. What was removed is found no
    more, but may lie in the search files until they are made anew. See `planning.py`.
    """
    name = _Building(collection, on_progress, QUICK).build()
    return name if rules == QUICK else _Building(collection, on_progress, rules).build()


class _Building:
    """One build, tried again where what is read changes meanwhile."""

    def __init__(self, collection: Collection, tell: Tell, rules: Rules | None) -> None:
        """The rules for taking parts over; None to take over none."""
        self._collection = collection
        self._tell = tell
        self._rules = rules
        self._left_out: frozenset[str] = frozenset()
        self._asked: Sequence[int] = ()  # insertion numbers of the videos that were read last

    def build(self) -> str:
        """Build; gives the name of the generation."""
        for _ in range(TRIES - 1):
            before = self._collection.revision
            try:
                return self._try()
            except VectorsUnreadable:
                if self._collection.revision == before:
                    self._leave_out()
            except ShotseekError:
                if self._collection.revision == before:
                    raise
        return self._try()

    def _leave_out(self) -> None:
        """Do without what cannot be read."""
        self._left_out = find_unreadable(self._collection, self._asked)
        if self._left_out:
            self._tell(note_of(self._left_out))

    def _try(self) -> str:
        with Builder(self._collection.folder) as builder, open_view(self._collection) as view:
            newest = None if self._rules is None else _find_newest(self._collection)
            parts = newest.parts if newest and _is_usable(newest, view) else ()
            revisions = dict(view.revisions)
            is_fresh = newest is not None and _is_fresh(newest, view)
            if is_fresh:  # what could not be read then is not asked for again
                revisions |= _find_incomplete(parts, view.revision)
            plan = make_plan(parts, revisions, self._rules or THOROUGH)
            if newest and is_fresh and not plan.written:
                return newest.name
            self._asked = plan.written
            return _write(builder, view, plan, self._left_out, self._tell)


def _write(builder: Builder, view: View, plan: Plan, left_out: Set[str], tell: Tell) -> str:
    """Write the generation of a plan; gives its name."""
    uses = [_use_of(kept, view.spaces) for kept in plan.kept]
    if plan.written or not uses:
        content = view.content(plan.written if uses else None, left_out)
        codings = _find_codings([kept.part for kept in plan.kept])
        uses.append(use_all(builder.write_part(content, tell, codings)))
    origin = Origin(view.collection_id, view.revision, view.spaces)
    return builder.write_generation(origin, uses)


def _find_newest(collection: Collection) -> Generation | None:
    """The newest generation if it is whole."""
    name = max(find_generations(collection.folder), default=None)
    try:
        return open_generation(collection.folder, name)
    except (GenerationMissing, GenerationUnreadable):
        return None


def _is_fresh(newest: Generation, view: View) -> bool:
    """Whether the collection is as it was."""
    spaces = tuple(index.space for index in newest.spaces.values())
    made_of = (newest.collection_id, newest.revision, spaces)
    return made_of == (view.collection_id, view.revision, view.spaces)


def _find_incomplete(parts: Sequence[Part], revision: int) -> dict[int, int]:
    """The videos that were incomplete when they were read at this revision, with their marks."""
    found = (part.videos.id[part.revision == -revision] for part in parts)
    return {id: -revision for ids in found for id in ids.tolist()}


def _is_usable(newest: Generation, view: View) -> bool:
    """Whether it is of an earlier state of this collection, in the same spaces.

    A catalog of an earlier revision was restored from a backup: its revisions name other states.
    """
    known = {space.name: space for space in view.spaces}
    spaces = [space for part in newest.parts for space in part.manifest.spaces]
    return (
        newest.collection_id == view.collection_id
        and newest.revision <= view.revision
        and all(known.get(space.name) == space for space in spaces)
    )


def _use_of(kept: KeptPart, spaces: Sequence[Space]) -> Use:
    part, dead = kept.part, kept.dead
    incomplete = np.isin(part.videos.id[part.revision < 0], dead, invert=True).any()
    notes = part.manifest.notes if incomplete else ()
    if not dead:
        return Use(part.manifest, part.manifest.counts, notes)
    living = number_parts([part], [dead], spaces)
    counts = {
        "videos": len(living.videos),
        "shots": len(living.shots),
        "rows": len(living.rows),
        "documents": len(living.documents),
        **{f"vectors of {name}": len(vectors) for name, vectors in living.vectors.items()},
    }
    return Use(part.manifest, counts, notes, dead)


def _find_codings(parts: Sequence[Part]) -> dict[str, Coding]:
    """How the oldest of the parts that code a space code it."""
    found: dict[str, Coding] = {}
    for part in parts:
        for name, space in part.spaces.items():
            if space.index.coding is not None:
                found.setdefault(name, space.index.coding)
    return found
