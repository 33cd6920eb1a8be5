"""Builds generations from a collection: a whole one, or what has changed beside what is there."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace

import numpy as np

from analyzers.encoder import Space
from analyzers.error import ShotseekError
from indexer.collection import Collection
from indexer.generations.joining import number_parts
from indexer.generations.manifest import (
    GenerationUnreadable,
    Manifest,
    find_damaged,
    read_manifest,
)
from indexer.generations.opening import INDEXES, find_generations, open_part
from indexer.generations.part import Part
from indexer.generations.planning import (
    QUICK,
    THOROUGH,
    KeptPart,
    Plan,
    Rules,
    State,
    make_plan,
)
from indexer.generations.reading import (
    VectorsUnreadable,
    View,
    find_unreadable,
    note_of,
    open_view,
)
from indexer.generations.writing import TRACKS, Builder, Origin, Use, use_all

TRIES = 3
Tell = Callable[[str], None]
Opened = dict[str, Part]  # parts that are open, by name


@dataclass(frozen=True)
class Newest:
    """The newest generation, as far as one is needed to build the next."""

    manifest: Manifest
    parts: Sequence[Part]


def build_generation(collection: Collection, on_progress: Tell = lambda stage: None) -> str:
    """Make all search files anew, as one part; gives the generation's name.

    Memory stays bounded: words, labels and vectors are streamed. Where another process replaces
    files of vectors before they are read, building begins again; where files are missing or
    damaged, it begins again without them, and the generation has a note that says so.
    """
    return _Building(collection, on_progress, None, {}).build()


def bring_up_to_date(
    collection: Collection,
    on_progress: Tell = lambda stage: None,
    rules: Rules = THOROUGH,
    opened: Opened | None = None,
) -> str:
    """Build a generation, unless the newest is whole and holds what the collection holds now.

    What did not change is taken over from the newest and not read. Where many small parts are put
    together or a new base is made, what is new is found before that. What was removed is found no
    more, but may lie in the search files until they are made anew. See `planning.py`.

    Args:
        collection: what is brought up to date.
        on_progress: is told what is being written.
        rules: for taking parts over.
        opened: who builds again and again hands in the same dict: its parts are not opened again.
    """
    opened = {} if opened is None else opened
    name = _Building(collection, on_progress, QUICK, opened).build()
    if rules == QUICK:
        return name
    return _Building(collection, on_progress, rules, opened).build()


class _Building:
    """One build, tried again where what is read changes meanwhile."""

    def __init__(
        self, collection: Collection, tell: Tell, rules: Rules | None, opened: Opened
    ) -> None:
        """The rules for taking parts over; None to take over none."""
        self._collection = collection
        self._tell = tell
        self._rules = rules
        self._opened = opened
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
            newest = None if self._rules is None else self._find_newest()
            parts = newest.parts if newest and _is_usable(newest, view) else ()
            parts = _without_outdated(parts, view)
            states = dict(view.states)
            is_fresh = newest is not None and _is_fresh(newest, view)
            if is_fresh:  # what could not be read then is not asked for again
                states |= _find_incomplete(parts, view)
            plan = make_plan(parts, states, self._rules or THOROUGH)
            if newest and is_fresh and _is_all_there(newest, plan):
                return newest.manifest.name
            self._asked = plan.written
            return _write(builder, view, plan, self._left_out, self._tell)

    def _find_newest(self) -> Newest | None:
        """The newest generation if it is whole; its parts are `opened` then, and no others."""
        indexes = self._collection.folder / INDEXES
        name = max(find_generations(self._collection.folder), default="")
        try:
            manifest = read_manifest(indexes / name)
            if find_damaged(indexes, manifest) is not None:
                return None
            names = [used.name for used in manifest.parts]
            parts = [self._opened.get(each) or open_part(indexes, each) for each in names]
        except (FileNotFoundError, GenerationUnreadable):
            return None
        self._opened.clear()
        self._opened.update(zip(names, parts, strict=True))
        return Newest(manifest, parts)


def _write(builder: Builder, view: View, plan: Plan, left_out: Set[str], tell: Tell) -> str:
    """Write the generation of a plan; gives its name."""
    uses = [_use_of(kept, view.spaces) for kept in plan.kept]
    if plan.written or not uses:
        content = view.content(plan.written if uses else None, left_out)
        uses.append(use_all(builder.write_part(content, tell)))
    origin = Origin(view.collection_id, view.revision, view.spaces)
    return builder.write_generation(origin, uses)


def _is_fresh(newest: Newest, view: View) -> bool:
    """Whether the collection is as it was."""
    manifest = newest.manifest
    made_of = (manifest.collection_id, manifest.revision, manifest.spaces)
    return made_of == (view.collection_id, view.revision, view.spaces)


def _is_all_there(newest: Newest, plan: Plan) -> bool:
    """Whether a plan is what the newest is already; parts in which nothing lives do not count."""
    pairs = zip(newest.parts, newest.manifest.parts, strict=True)
    dead = [used.dead for part, used in pairs if len(used.dead) < len(part.videos)]
    return not plan.written and [kept.dead for kept in plan.kept] == dead


def _find_incomplete(parts: Sequence[Part], view: View) -> dict[int, State]:
    """The videos that were incomplete when they were read at this revision, as they are marked."""
    found = (part.videos.id[part.revision == -view.revision] for part in parts)
    ids = (id for each in found for id in each.tolist() if id in view.states)
    return {id: (view.states[id][0], -view.revision) for id in ids}


def _is_usable(newest: Newest, view: View) -> bool:
    """Whether it is of an earlier state of this collection, in the same spaces.

    A catalog of an earlier revision was restored from a backup: its revisions name other states.
    Where it was gone on with since, to that revision or beyond, this is not seen: other videos in
    the place of those before are then told by their uids, another change of the same video is not.
    """
    known = {space.name: space for space in view.spaces}
    spaces = [space for part in newest.parts for space in part.manifest.spaces]
    return (
        newest.manifest.collection_id == view.collection_id
        and newest.manifest.revision <= view.revision
        and all(_is_same(known.get(space.name), space) for space in spaces)
    )


def _is_same(known: Space | None, space: Space) -> bool:
    """Whether vectors can be compared: what found the faces in them may have changed."""
    return known is not None and replace(known, detector="") == replace(space, detector="")


def _without_outdated(parts: Sequence[Part], view: View) -> Sequence[Part]:
    """Those that hold the tracks of their videos: earlier ones may have been written without."""
    if all(TRACKS in part.manifest.counts for part in parts):
        return parts
    followed = view.find_followed()
    return [
        part
        for part in parts
        if TRACKS in part.manifest.counts or not np.isin(part.videos.id, followed).any()
    ]


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
        TRACKS: len(living.tracks),
        **{f"vectors of {name}": len(vectors) for name, vectors in living.vectors.items()},
    }
    return Use(part.manifest, counts, notes, dead)
