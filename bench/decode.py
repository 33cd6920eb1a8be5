"""How fast we read a video, beside what the machine can do, measured in the same run.

Three ways of reading the same made videos take turns: decoding alone, decoding with one small
picture of each frame, and the whole pass of `index` without models. The ratio of the last two is
judged: it is nearly the same on every machine. Knows nothing of how it is shown.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analyzers.error import SettingsError
from bench.machine import Machine
from bench.memory import measure_memory
from bench.passes import SCALED_PX, SCALING, count_whole, read_plain, read_scaled
from bench.texture import Size, film_texture
from bench.videos import Coding, write_video

SIZES = {size.name: size for size in (Size(640, 360), Size(1280, 720), Size(1920, 1080))}
FPS, SHOT_SECONDS = 25, 4
CODING = {"preset": "veryfast", "g": "250"}  # and x264's own crf, 23
TARGET_RATIO = 0.45  # of our whole pass to decoding with one scale
WAYS = {"plain": read_plain, "scaled": read_scaled, "ours": count_whole}

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """What is measured."""

    folder: Path  # of the made videos; they are kept for the next time
    sizes: Sequence[Size] = tuple(SIZES.values())
    seconds: float = 60.0
    rounds: int = 3


@dataclass(frozen=True)
class SizeFigures:
    """The figures of one video; fps are of the best round."""

    name: str
    width: int
    height: int
    frames: int
    megabits_per_second: float
    shots_made: int
    shots_found: int
    plain_fps: float
    scaled_fps: float
    ours_fps: float
    ratio: float  # ours to scaled
    target: float
    verdict: str  # "ok" or "missed"
    peak_mb: float  # of a process that does nothing but our pass
    rounds: dict[str, list[float]] = field(default_factory=dict)  # fps of every round
    cpu_us: dict[str, float] = field(default_factory=dict)  # of all cores per frame, least round


@dataclass(frozen=True)
class DecodeFigures:
    """All figures of one run, with where they come from."""

    measured_at: str  # UTC
    machine: Machine
    settings: dict[str, str]
    sizes: tuple[SizeFigures, ...]
    verdict: str  # "ok" if it is for every size

    def to_json(self) -> dict[str, Any]:
        """One object, as `bench decode --json` prints it."""
        return {"bench": "decode", **asdict(self)}


def find_sizes(names: str) -> tuple[Size, ...]:
    """The sizes of a list like `360p,720p`.

    Raises:
        SettingsError: one of them is unknown.
    """
    found = []
    for name in filter(None, (part.strip() for part in names.split(","))):
        if name not in SIZES:
            raise SettingsError(f"--sizes {name}: no such size; choose from {', '.join(SIZES)}")
        found.append(SIZES[name])
    if not found:
        raise SettingsError(f"--sizes names none; choose from {', '.join(SIZES)}")
    return tuple(found)


def measure_decoding(plan: Plan, machine: Machine, tell: Tell) -> DecodeFigures:
    """Make the videos that are not there yet and measure.

    Args:
        plan: what is measured.
        machine: on what.
        tell: is given a line about what is going on.
    """
    paths = [make_video(size, plan.seconds, plan.folder, tell) for size in plan.sizes]
    for way in WAYS.values():
        way(paths[0])  # so that libraries are loaded before the clock runs
    figures = tuple(
        _measure_size(size, path, plan, tell) for size, path in zip(plan.sizes, paths, strict=True)
    )
    return DecodeFigures(
        measured_at=datetime.now(UTC).isoformat(timespec="seconds"),
        machine=machine,
        settings={
            "video": f"x264 {CODING['preset']}, GOP {CODING['g']}, {FPS} fps, {plan.seconds:g} s, "
            f"textured motion, a cut every {SHOT_SECONDS} s",
            "plain": "PyAV, threads auto, no conversion",
            "scaled": f"as plain, and an RGB array {SCALED_PX} px wide of every frame: "
            f"swscale {SCALING}, threads auto",
            "ours": "the pass of `index --analyzers none --shots adaptive`, pictures coded, "
            "nothing committed",
            "rounds": f"best of {plan.rounds}, the three taking turns",
        },
        sizes=figures,
        verdict=_judge(all(each.verdict == "ok" for each in figures)),
    )


def make_video(size: Size, seconds: float, folder: Path, tell: Tell) -> Path:
    """The made video of a size, written unless it is there already."""
    path = folder / f"texture_{size.name}_{seconds:g}s.mp4"
    if not path.exists():
        tell(f"making {path}, once")
        folder.mkdir(parents=True, exist_ok=True)
        frames = film_texture(size, seconds, fps=FPS, shot_seconds=SHOT_SECONDS)
        part = path.with_name(f".{path.stem}.part.mp4")
        write_video(part, frames, Coding(fps=FPS, options=CODING)).replace(path)
    return path


def _measure_size(size: Size, path: Path, plan: Plan, tell: Tell) -> SizeFigures:
    rounds: dict[str, list[float]] = {name: [] for name in WAYS}
    cpu_us: dict[str, list[float]] = {name: [] for name in WAYS}
    for number in range(plan.rounds):
        tell(f"{size.name}: round {number + 1} of {plan.rounds}")
        for name, way in WAYS.items():
            started, busy = time.perf_counter(), time.process_time()
            frames = way(path)
            rounds[name].append(round(frames / (time.perf_counter() - started), 1))
            cpu_us[name].append(round((time.process_time() - busy) / frames * 1e6, 1))
    memory = measure_memory(path)
    best = {name: max(values) for name, values in rounds.items()}
    ratio = best["ours"] / best["scaled"]
    return SizeFigures(
        name=size.name,
        width=size.width,
        height=size.height,
        frames=memory.frames,
        megabits_per_second=round(path.stat().st_size * 8e-6 / plan.seconds, 2),
        shots_made=-(-round(plan.seconds * FPS) // (SHOT_SECONDS * FPS)),
        shots_found=memory.shots,
        plain_fps=best["plain"],
        scaled_fps=best["scaled"],
        ours_fps=best["ours"],
        ratio=round(ratio, 3),
        target=TARGET_RATIO,
        verdict=_judge(ratio >= TARGET_RATIO),
        peak_mb=memory.peak_mb,
        rounds=rounds,
        cpu_us={name: min(values) for name, values in cpu_us.items()},
    )


def _judge(reached: bool) -> str:
    return "ok" if reached else "missed"
