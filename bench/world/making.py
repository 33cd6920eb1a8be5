"""Makes an edition: films and their truth, in parallel; goes on where it was stopped.

Each file is written under another name and moved into place when it is whole. Knows nothing of
how films are drawn and what the truth says.
"""

import json
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import perf_counter, process_time

from bench.world.dice import Dice
from bench.world.edition import (
    SPLITS,
    Edition,
    EditionRecord,
    FilmName,
    film_path,
    sum_up,
    truth_path,
)
from bench.world.plan import FPS, VideoPlan
from bench.world.truth import Truth, format_truth, read_truth

RECORD = "edition.json"


class EditionMixed(Exception):
    """A folder holds another edition than the one that is to be made there."""


@dataclass(frozen=True)
class FilmMade:
    """What one film took."""

    id: str
    length_ms: int
    cpu_s: float  # of planning, drawing and coding together


@dataclass(frozen=True)
class EditionMade:
    """An edition that was made, and what it took now; films that were there took nothing."""

    record: EditionRecord
    made: int
    made_ms: int  # length of the films made now
    cpu_s: float
    wall_s: float

    @property
    def rate(self) -> float:
        """How many times faster than real time one core made films; 0 if none was made."""
        return self.made_ms / 1000 / self.cpu_s if self.made else 0.0


@dataclass(frozen=True)
class Order:
    """How an edition is to be made."""

    workers: int | None = None  # None: one per core
    truth_only: bool = False


def tell(plan: VideoPlan) -> Truth:
    """The whole truth of a film: what is seen, captions, questions."""
    from bench.world.captions import write_captions
    from bench.world.questions import ask_questions
    from bench.world.seen import describe

    return ask_questions(write_captions(describe(plan)), Dice("questions", plan.id))


def make_edition(
    folder: Path,
    edition: Edition,
    order: Order | None = None,
    watch: Callable[[FilmMade], None] = lambda _: None,
) -> EditionMade:
    """Make what an edition's folder lacks, then its record.

    Args:
        folder: where; made if need be. It must hold this edition or nothing.
        edition: what.
        order: how.
        watch: called after each film.

    Raises:
        EditionMixed: the folder holds another edition.
        OSError: a file cannot be written.
    """
    order, started = order or Order(), perf_counter()
    _claim(folder, edition)
    _sweep(folder)
    missing = find_missing(folder, edition, order)
    made = []
    for film in _make_all(folder, edition, missing, order):
        made.append(film)
        watch(film)
    record = _write_record(folder, edition)
    return EditionMade(
        record, len(made), sum(film.length_ms for film in made),
        sum(film.cpu_s for film in made), perf_counter() - started,
    )  # fmt: skip


def find_missing(folder: Path, edition: Edition, order: Order) -> list[FilmName]:
    """The films that are still to be made."""
    return [film for film in edition.films if not _is_there(folder, film, order)]


def plan_film(edition: Edition, film: FilmName) -> VideoPlan:
    """The plan of one film of an edition."""
    from bench.world.story import plan_video

    return plan_video(edition.seed, film.split, film.number, edition.length_s)


def make_film(folder: Path, edition: Edition, film: FilmName, order: Order) -> FilmMade:
    """Make one film and its truth; the film first, so that truth lies only beside whole films."""
    started = process_time()
    plan = plan_film(edition, film)
    if not order.truth_only:
        write_film(plan, film_path(folder, film))
    with _moved_into_place(truth_path(folder, film)) as path:
        path.write_bytes(format_truth(tell(plan)))
    return FilmMade(film.id, plan.length_ms, process_time() - started)


def write_film(plan: VideoPlan, path: Path) -> Path:
    """Draw and code a film: H.264, AAC, its subtitles as a stream, its title as a tag."""
    import cv2

    from analyzers.clip import Cue
    from bench.videos import Coding, write_video
    from bench.world.film import draw_frames
    from bench.world.sound import make_sound

    cv2.setNumThreads(1)  # films are made side by side
    options = {"preset": "superfast", "crf": "23", "threads": "1"}
    coding = Coding(fps=FPS, options=options, tags={"title": plan.title})
    cues = [Cue(cue.start_ms, cue.end_ms, cue.text, "eng") for cue in plan.cues]
    path.parent.mkdir(parents=True, exist_ok=True)
    with _moved_into_place(path) as unfinished:
        write_video(unfinished, draw_frames(plan), coding, sound=make_sound(plan), cues=cues)
    return path


def read_record(folder: Path) -> EditionRecord | None:
    """What a folder's record says; None if there is none."""
    try:
        return EditionRecord(**json.loads((folder / RECORD).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def _claim(folder: Path, edition: Edition) -> None:
    """Write down which edition this folder is for, before the first film.

    Raises:
        EditionMixed: it is for another.
    """
    claim = replace(sum_up(edition, (), 0), sha256="")
    found = read_record(folder)
    if found is None:
        folder.mkdir(parents=True, exist_ok=True)
        _write_json(folder / RECORD, claim)
    elif (found.name, found.seed, found.version) != (claim.name, claim.seed, claim.version):
        raise EditionMixed(
            f"{folder} holds edition {found.name}, seed {found.seed}, version {found.version}; "
            "name another folder, or delete this one"
        )


def _is_there(folder: Path, film: FilmName, order: Order) -> bool:
    wanted = [truth_path(folder, film)]
    wanted += [] if order.truth_only else [film_path(folder, film)]
    return all(path.exists() for path in wanted)


def _make_all(
    folder: Path, edition: Edition, films: list[FilmName], order: Order
) -> Iterator[FilmMade]:
    """Make films side by side, each told of when it is there.

    Where it is broken off, workers are ended at once and what they had begun is deleted.
    """
    workers = min(order.workers or os.cpu_count() or 1, len(films) or 1)
    if workers == 1:
        yield from (make_film(folder, edition, film, order) for film in films)
        return
    others = set(multiprocessing.active_children())
    # Spawned, not forked: OpenCV and the encoder have threads.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _leave_signals_to_the_parent) as pool:
        futures = [pool.submit(make_film, folder, edition, film, order) for film in films]
        try:
            yield from (future.result() for future in as_completed(futures))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for worker in set(multiprocessing.active_children()) - others:
                worker.terminate()
                worker.join()
            _sweep(folder)
            raise


def _leave_signals_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _sweep(folder: Path) -> None:
    """Delete what was being written when an earlier run was killed."""
    for split in SPLITS:
        for unfinished in (folder / split).glob(".*.unfinished.*"):
            unfinished.unlink(missing_ok=True)


def _write_record(folder: Path, edition: Edition) -> EditionRecord:
    paths = [truth_path(folder, film) for film in edition.films]
    length_ms = sum(read_truth(path).length_ms for path in paths)
    record = sum_up(edition, (path.read_bytes() for path in paths), length_ms)
    _write_json(folder / RECORD, record)
    return record


def _write_json(path: Path, record: EditionRecord) -> None:
    with _moved_into_place(path) as unfinished:
        unfinished.write_text(json.dumps(asdict(record), indent=2) + "\n", encoding="utf-8")


@contextmanager
def _moved_into_place(path: Path) -> Iterator[Path]:
    """Another name for a file while it is written; a half-written one does not stay."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.stem}.unfinished{path.suffix}")
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
