"""Persons as the API shows them: who there is, where they are seen, where their pictures are.

Knows no HTTP, no SQL.
"""

from collections.abc import Sequence

import numpy as np

from indexer.people.person import Appearance, Entry
from search.api.crops import write_box
from search.api.edition import Edition
from search.api.serving import Serving, ShotPlace
from search.layout import Layout
from search.person_wire import (
    FaceFound,
    FaceSeen,
    PersonDetails,
    PersonList,
    PersonSummary,
    ShotFaces,
)

NEAR_MS = 500  # a keyframe that is farther from a face's moment may not show it


def list_persons(
    serving: Serving, edition: Edition, text: str, page: slice, *, with_hidden: bool
) -> PersonList:
    """Some of the persons whose names contain a text; without a text also those without a name."""
    wanted = text.strip().casefold()
    entries = [
        each
        for each in serving.persons.gallery().find_entries()
        if not wanted or wanted in (each.name or "").casefold()
    ]
    shown = [each for each in entries if with_hidden or not each.is_hidden]
    return PersonList(
        persons=tuple(_summarise(serving, edition, each) for each in shown[page]),
        total=len(shown),
        hidden=sum(each.is_hidden for each in entries),
    )


def describe_person(serving: Serving, edition: Edition, who: str, page: slice) -> PersonDetails:
    """One person by its id or name, with a page of its faces.

    Raises:
        PersonMissing: there is none.
    """
    gallery = serving.persons.gallery()
    entry = gallery.get_entry(who)
    seen = gallery.find_appearances(entry.id)
    return PersonDetails(
        **dict(_summarise(serving, edition, entry)),
        shots=_count_shots(edition, seen),
        faces=tuple(_face(serving, edition, each) for each in seen[page]),
    )


def describe_faces(serving: Serving, edition: Edition, place: ShotPlace) -> ShotFaces:
    """The faces of a shot."""
    seen = serving.persons.gallery().find_within(place.video_id, place.start_ms, place.end_ms)
    return ShotFaces(
        faces=tuple(
            FaceSeen(
                **dict(_face(serving, edition, each.appearance)),
                person=each.id,
                person_name=each.name,
                known=each.is_person,
            )
            for each in seen
            if not each.is_hidden
        )
    )


def _summarise(serving: Serving, edition: Edition, entry: Entry) -> PersonSummary:
    return PersonSummary(
        id=entry.id,
        name=entry.name,
        known=entry.is_person,
        hidden=entry.is_hidden,
        appearances=entry.tracks,
        videos=entry.videos,
        face=None if entry.best is None else _face(serving, edition, entry.best),
    )


def _face(serving: Serving, edition: Edition, seen: Appearance) -> FaceFound:
    """One face; a video that the search files do not hold yet has no shot, and no pictures."""
    shot = _find_shot(edition, seen)
    fields = {
        "video": seen.video,
        "name": seen.video_name,
        "track": seen.track,
        "start_ms": seen.start_ms,
        "end_ms": seen.end_ms,
        "time_ms": seen.time_ms,
        "box": tuple(seen.box),
        "quality": seen.quality,
    }
    if shot is None:
        return FaceFound(**fields)
    layout = edition.engine.layout
    start_ms, keyframe_ms = int(layout.shots.start_ms[shot]), _nearest(layout, shot, seen.time_ms)
    is_near = abs(keyframe_ms - seen.time_ms) <= NEAR_MS
    cut = serving.addresses.part(seen.video, keyframe_ms, write_box(seen.box))
    return FaceFound(
        **fields,
        shot=f"{seen.video}@{start_ms}",
        face=cut if is_near else None,
        media=serving.media(seen.video, start_ms, keyframe_ms),
    )


def _find_shot(edition: Edition, seen: Appearance) -> int | None:
    number = edition.numbers.get(seen.video)
    return None if number is None else edition.engine.layout.shot_at(number, seen.time_ms)


def _nearest(layout: Layout, shot: int, time_ms: int) -> int:
    """The time of the keyframe of a shot that is nearest to a time."""
    times_ms = layout.rows.time_ms[layout.rows_of_shot(shot)]
    return int(times_ms[np.abs(times_ms - time_ms).argmin()])


def _count_shots(edition: Edition, seen: Sequence[Appearance]) -> int:
    """In how many shots; a face whose shot is not known counts as one of its own."""
    shots = [_find_shot(edition, each) for each in seen]
    return len({shot for shot in shots if shot is not None}) + shots.count(None)
