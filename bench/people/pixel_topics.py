"""What is asked from pixels: people by three faces of another film, and what they do.

Faces are cut from the film in which they are seen widest, as a searcher would choose them; that
film is left out when hits are judged. Knows no engine.
"""

import base64
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.evaluate.hits import Goal, Span
from bench.world.truth import SeenPerson, ShotTruth, Truth
from bench.world.words import SOLO_ACTIONS

if TYPE_CHECKING:
    from PIL.Image import Image

EXAMPLES = 3
AROUND = 1.0  # what is cut out around a face, times its longer side
LEAST_SHOTS = 3  # in which a person does something, for it to be a topic
IDLE = SOLO_ACTIONS[0]  # what everybody does who does nothing is no topic


@dataclass(frozen=True)
class AskedPerson:
    """Somebody to look for, by pictures."""

    person: str
    film: str  # the file's name; the pictures are from here
    pictures: tuple[str, ...]  # PNG in base64
    visible: tuple[Goal, ...]  # shots of other films in which the face is visible
    anywhere: tuple[Goal, ...]  # ... in which anything of the person is seen


@dataclass(frozen=True)
class AskedAct:
    """Somebody who does something, face visible."""

    who: AskedPerson
    action: str
    goals: tuple[Goal, ...]


@dataclass(frozen=True)
class _Seen:
    film: str
    shot: ShotTruth
    person: SeenPerson

    @property
    def goal(self) -> Goal:
        return Goal((Span(self.film, self.shot.start_ms, self.shot.end_ms),))

    @property
    def widest(self) -> int:
        """The place in the face's track where most of it is seen."""
        sizes = [
            (box[2] - box[0]) * visible
            for box, visible in zip(self.person.face.boxes, self.person.face.visible, strict=True)
        ]
        return int(np.argmax(sizes))

    @property
    def width(self) -> float:
        box = self.person.face.boxes[self.widest]
        return (box[2] - box[0]) * self.person.face.visible[self.widest]


def choose_people(films: Sequence[Truth], videos: Path) -> tuple[AskedPerson, ...]:
    """Everybody whose face is visible in two films or more.

    Args:
        films: with their truth.
        videos: the folder of the films.
    """
    seen: dict[str, list[_Seen]] = defaultdict(list)
    for film in films:
        for shot in film.shots:
            for person in shot.persons:
                seen[person.person].append(_Seen(f"{film.id}.mp4", shot, person))
    asked = (_ask(person, some, videos) for person, some in sorted(seen.items()))
    return tuple(one for one in asked if one is not None)


def choose_acts(people: Sequence[AskedPerson], films: Sequence[Truth]) -> tuple[AskedAct, ...]:
    """What each of them does, face visible, in three shots or more of other films."""
    return tuple(act for who in people for act in _list_acts(who, films))


def _ask(person: str, seen: Sequence[_Seen], videos: Path) -> AskedPerson | None:
    visible = [one for one in seen if one.person.face_visible]
    if len({one.film for one in visible}) < 2:
        return None
    by_film: dict[str, list[_Seen]] = defaultdict(list)
    for one in visible:
        by_film[one.film].append(one)
    widest = {
        film: sorted(some, key=lambda one: -one.width)[:EXAMPLES]
        for film, some in sorted(by_film.items())
    }
    film = max(widest, key=lambda film: sum(one.width for one in widest[film]))
    return AskedPerson(
        person,
        film,
        tuple(_cut(one, videos / film) for one in widest[film]),
        tuple(one.goal for one in visible if one.film != film),
        tuple(one.goal for one in seen if one.film != film),
    )


def _list_acts(who: AskedPerson, films: Sequence[Truth]) -> Iterator[AskedAct]:
    goals: dict[str, list[Goal]] = defaultdict(list)
    for film in films:
        for shot in film.shots:
            shown = any(one.person == who.person and one.face_visible for one in shot.persons)
            if not shown or f"{film.id}.mp4" == who.film:
                continue
            for action in {act.action for act in shot.actions if act.actor == who.person}:
                span = Span(f"{film.id}.mp4", shot.start_ms, shot.end_ms)
                goals[action].append(Goal((span,)))
    for action, some in sorted(goals.items()):
        if action != IDLE and len(some) >= LEAST_SHOTS:
            yield AskedAct(who, action, tuple(some))


def _cut(one: _Seen, video: Path) -> str:
    """The face with what is around it, from the film itself."""
    at = one.widest
    picture = _read_frame(video, one.person.face.times_ms[at])
    x0, y0, x1, y1 = np.array(one.person.face.boxes[at]) * (picture.size * 2)
    more = AROUND * max(x1 - x0, y1 - y0)
    width, height = picture.size
    box = (max(0, x0 - more), max(0, y0 - more), min(width, x1 + more), min(height, y1 + more))
    file = io.BytesIO()
    picture.crop(tuple(int(side) for side in box)).save(file, "PNG")  # type: ignore[arg-type]
    return base64.b64encode(file.getvalue()).decode()


def _read_frame(video: Path, time_ms: int) -> "Image":
    import av

    with av.open(str(video)) as container:
        container.seek(time_ms * 1000, backward=True)
        frames: Any = container.decode(video=0)
        picture: Image = next(one for one in frames if one.time * 1000 > time_ms - 1).to_image()
        return picture
