"""Draws pictures of the made world with the true boxes of their moment, straight from the plans.

People are learned from many casts, and those of the splits share no look. A film that was drawn is
not drawn again. Knows nothing of what is learned from the samples.
"""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from bench.train.people.samples import (
    DrawnFilm,
    DrawnPicture,
    Picture,
    TruePerson,
    TrueThing,
    write_film,
)
from bench.world.dice import Dice
from bench.world.plan import ShotPlan
from bench.world.truth import BOX_STEP_MS, VERSION, Box, ShotTruth, Track


@dataclass(frozen=True)
class PeopleDrawing:
    """What is drawn of each film."""

    folder: Path
    seed: int
    split: str  # train, validation, test
    pictures: int = 2  # of each shot
    films_of_cast: int = 1  # that follow each other; in each of them people wear other clothes

    def name(self, number: int) -> str:
        """The film's files, without their suffix; names all that they depend on but the code."""
        film = f"people-{self.split}{number:04}-v{VERSION}-s{self.seed}-p{self.pictures}"
        return f"{film}-c{self.films_of_cast}"

    def film_seed(self, number: int) -> int:
        """The seed of a film's world, and with it of its cast."""
        return self.seed * 10_000 + number // self.films_of_cast


def draw_people(drawing: PeopleDrawing, films: int, workers: int) -> Iterator[int]:
    """Draw what is missing of the films 0 to `films` - 1; tells after each how many are there."""
    drawing.folder.mkdir(parents=True, exist_ok=True)
    files = [drawing.folder / f"{drawing.name(number)}.json" for number in range(films)]
    missing = [number for number, file in enumerate(files) if not file.is_file()]
    there = films - len(missing)
    yield there
    if workers < 2 or len(missing) < 2:
        for done, number in enumerate(missing, 1):
            draw_film(drawing, number)
            yield there + done
        return
    # Not forked: torch's threads may hold locks in the parent.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        jobs = [pool.submit(draw_film, drawing, number) for number in missing]
        for done, job in enumerate(as_completed(jobs), 1):
            job.result()
            yield there + done


def draw_film(drawing: PeopleDrawing, number: int) -> None:
    """Draw the samples of one film; titles have none."""
    import cv2

    from bench.world.film import draw_frame
    from bench.world.seen import describe
    from bench.world.story import plan_video

    cv2.setNumThreads(1)
    seed = drawing.film_seed(number)
    plan = plan_video(seed, drawing.split, number)
    plans = {shot.id: shot for shot in plan.shots}
    pictures, codes = [], []
    for shot in describe(plan).shots:
        if shot.is_title:
            continue
        dice = Dice(seed, "people samples", plan.id, shot.id)
        for ms in _choose_moments(plans[shot.id], drawing.pictures, dice):
            code = _code(draw_frame(plan, plans[shot.id], ms), dice.whole(60, 95))
            pictures.append(look_at(shot, ms, len(code)))
            codes.append(code)
    film = DrawnFilm(f"{seed}/{plan.id}", plan.cast, tuple(pictures))
    write_film(drawing.folder, drawing.name(number), film, codes)


def look_at(shot: ShotTruth, ms: int, size_bytes: int) -> DrawnPicture:
    """What is seen `ms` after a shot's start, a multiple of `BOX_STEP_MS`."""
    at = shot.start_ms + ms
    things, persons = [], []
    for thing in shot.things:
        seen = _find(thing.track, at)
        if seen is not None:
            things.append(TrueThing(thing.kind, *seen))
    acts = [act for act in shot.actions if act.start_ms <= at < act.end_ms]
    for person in shot.persons:
        seen, face = _find(person.track, at), _find(person.face, at)
        if seen is None:
            continue
        done = tuple(act.action for act in acts if act.actor == person.person)
        persons.append(
            TruePerson(person.person, person.view, *seen, None if face is None else face[0], done)
        )
    return DrawnPicture(shot.id, size_bytes, tuple(things), tuple(persons))


def _choose_moments(shot: ShotPlan, count: int, dice: Dice) -> list[int]:
    """One moment from each equal part of a shot, by chance; a short shot may have fewer."""
    steps = -(-(shot.end_ms - shot.start_ms) // BOX_STEP_MS)
    chosen = {int((part + dice.share()) / count * steps) for part in range(count)}
    return [step * BOX_STEP_MS for step in sorted(chosen)]


def _find(track: Track, at: int) -> tuple[Box, float] | None:
    for time, box, visible in zip(track.times_ms, track.boxes, track.visible, strict=True):
        if time == at:
            return box, visible
    return None


def _code(picture: Picture, quality: int) -> bytes:
    """A JPEG: a keyframe, too, was coded before it is seen."""
    import cv2

    flags = (cv2.IMWRITE_JPEG_QUALITY, quality)
    done, code = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), flags)
    if not done:
        raise ValueError("OpenCV cannot code a JPEG")
    data: bytes = code.tobytes()
    return data
