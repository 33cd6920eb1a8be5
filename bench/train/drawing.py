"""Draws the samples of the made world: pictures of shots, straight from the plans of films.

No film is made for it. A film that was drawn is not drawn again, so a stopped run goes on. Knows
nothing of what is learned from the samples.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from bench.train.samples import DrawnShot, Picture, write_film
from bench.world.dice import Dice
from bench.world.plan import FRAME_MS, ShotPlan, VideoPlan
from bench.world.truth import VERSION, ShotTruth, Truth


@dataclass(frozen=True)
class Drawing:
    """What is drawn of each film."""

    folder: Path
    seed: int
    split: str  # train, validation
    pictures: int = 2  # of each shot
    wordings: int = 12  # captions of each shot, besides the three of its truth

    def name(self, number: int) -> str:
        """The film's files, without their suffix; names all that they depend on but the code."""
        film = f"{self.split}{number:04}-v{VERSION}-s{self.seed}"
        return f"{film}-p{self.pictures}-w{self.wordings}"


def draw_samples(drawing: Drawing, films: int, workers: int) -> Iterator[int]:
    """Draw what is missing of the films 0 to `films` - 1; tells after each how many are there."""
    drawing.folder.mkdir(parents=True, exist_ok=True)
    files = [drawing.folder / f"{drawing.name(number)}.json" for number in range(films)]
    missing = [number for number, file in enumerate(files) if not file.is_file()]
    there = films - len(missing)
    yield there
    for done, _ in enumerate(_draw_all(drawing, missing, workers), 1):
        yield there + done


def _draw_all(drawing: Drawing, numbers: Sequence[int], workers: int) -> Iterator[None]:
    if workers < 2 or len(numbers) < 2:
        for number in numbers:
            draw_film(drawing, number)
            yield
        return
    # Not forked: torch's threads may hold locks in the parent.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        try:
            for done in as_completed(pool.submit(draw_film, drawing, each) for each in numbers):
                done.result()
                yield
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def draw_film(drawing: Drawing, number: int) -> None:
    """Draw the samples of one film; titles have none."""
    import cv2

    from bench.world.captions import write_captions
    from bench.world.seen import describe
    from bench.world.story import plan_video

    cv2.setNumThreads(1)
    plan = plan_video(drawing.seed, drawing.split, number)
    truth = write_captions(describe(plan))
    plans = {shot.id: shot for shot in plan.shots}
    shots, codes = [], []
    for shot in truth.shots:
        if shot.captions is None:
            continue
        dice = Dice(drawing.seed, "samples", plan.id, shot.id)
        drawn = _draw_shot(plan, plans[shot.id], drawing.pictures, dice)
        shots.append(_describe(truth, shot, drawing, dice, tuple(len(code) for code in drawn)))
        codes += drawn
    write_film(drawing.folder, drawing.name(number), shots, codes)


def _draw_shot(plan: VideoPlan, shot: ShotPlan, pictures: int, dice: Dice) -> list[bytes]:
    """One picture from each equal part of a shot, at a chance time."""
    from bench.world.film import draw_frame

    frames = (shot.end_ms - shot.start_ms) // FRAME_MS
    times = [int((part + dice.share()) / pictures * frames) * FRAME_MS for part in range(pictures)]
    return [_code(draw_frame(plan, shot, ms), dice) for ms in times]


def _describe(
    truth: Truth, shot: ShotTruth, drawing: Drawing, dice: Dice, sizes: tuple[int, ...]
) -> DrawnShot:
    from bench.world.captions import vary_caption

    if shot.captions is None:
        raise ValueError(f"{truth.id}/{shot.id} has no captions")
    varied = [
        vary_caption(truth, shot, dice.split("wording", each)) for each in range(drawing.wordings)
    ]
    own = (shot.captions.terse, shot.captions.novice, shot.captions.expert)
    duplicates = tuple(other.rpartition("/")[2] for other in shot.duplicates)
    wordings = tuple(dict.fromkeys((*own, *varied)))
    return DrawnShot(shot.id, shot.captions, wordings, duplicates, sizes)


def _code(picture: Picture, dice: Dice) -> bytes:
    """A JPEG of chance quality: a keyframe, too, was coded before it is seen."""
    import cv2

    quality = dice.whole(50, 95)
    flags = (cv2.IMWRITE_JPEG_QUALITY, quality)
    done, code = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), flags)
    if not done:
        raise ValueError("OpenCV cannot code a JPEG")
    data: bytes = code.tobytes()
    return data
