"""How fast we read a video, beside what the machine can do, measured in the same run.

These ways of reading the same made videos take turns: decoding alone, decoding with one small
picture of each frame, the whole pass of `index` without models, and what others do in its place
(`decode_peer.py`). The ratios of our pass to the others are judged: they are nearly the same on
every machine. Knows nothing of how it is shown.
"""

import resource
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from analyzers.error import SettingsError
from bench.decode_peer import find_scenes, start_peer, write_middles, write_sharpest
from bench.machine import Machine
from bench.memory import measure_memory
from bench.passes import SCALED_PX, SCALING, count_whole, read_plain, read_scaled
from bench.texture import Size, film_texture
from bench.videos import Coding, write_video

SIZES = {size.name: size for size in (Size(640, 360), Size(1280, 720), Size(1920, 1080))}
FPS, SHOT_SECONDS = 25, 4
CODING = {"preset": "veryfast", "g": "250"}  # and x264's own crf, 23
WAYS = {"plain": read_plain, "scaled": read_scaled, "ours": count_whole}
PEER_PASSES = {"pyscenedetect": write_middles, "pyscenedetect_sharpest": write_sharpest}
SCALED_TARGET = 0.9  # of our whole pass to decoding with one scale
PLAIN_TARGETS = {"360p": 0.3, "720p": 0.55, "1080p": 0.6}  # to decoding alone
PEER_TARGET = 2.0

Tell = Callable[[str], None]
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Plan:
    """What is measured."""

    folder: Path  # of the made videos; they are kept for the next time
    sizes: Sequence[Size] = tuple(SIZES.values())
    seconds: float = 60.0
    rounds: int = 3


@dataclass(frozen=True)
class Ratio:
    """Our frames per second to another way's."""

    ratio: float
    target: float
    verdict: str  # "ok" or "missed"


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
    fps: dict[str, float]  # by way
    ratios: dict[str, Ratio]  # of ours to each other way
    verdict: str  # "ok" if it is for every ratio
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
            "pyscenedetect": "`scenedetect -i FILE detect-adaptive list-scenes`, less what its "
            "start takes, then PyAV seeks to the middle of each scene and writes it as a JPEG",
            "pyscenedetect_sharpest": "the same, but PyAV reads all frames and writes the sharpest",
            "rounds": f"best of {plan.rounds}, all taking turns",
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
    rounds: dict[str, list[float]] = {name: [] for name in (*WAYS, *PEER_PASSES)}
    cpu_us: dict[str, list[float]] = {name: [] for name in rounds}
    for number in range(plan.rounds):
        tell(f"{size.name}: round {number + 1} of {plan.rounds}")
        watched = {name: _watch(partial(way, path)) for name, way in WAYS.items()}
        frames = watched["ours"][0]
        times = {name: took for name, (_, took) in watched.items()} | _watch_peer(path)
        for name, took in times.items():
            rounds[name].append(round(frames / took.seconds, 1))
            cpu_us[name].append(round(took.cpu_seconds / frames * 1e6, 1))
    memory = measure_memory(path)
    fps = {name: max(values) for name, values in rounds.items()}
    ratios = judge_ratios(size.name, fps)
    return SizeFigures(
        name=size.name,
        width=size.width,
        height=size.height,
        frames=memory.frames,
        megabits_per_second=round(path.stat().st_size * 8e-6 / plan.seconds, 2),
        shots_made=-(-round(plan.seconds * FPS) // (SHOT_SECONDS * FPS)),
        shots_found=memory.shots,
        fps=fps,
        ratios=ratios,
        verdict=_judge(all(each.verdict == "ok" for each in ratios.values())),
        peak_mb=memory.peak_mb,
        rounds=rounds,
        cpu_us={name: min(values) for name, values in cpu_us.items()},
    )


def judge_ratios(size_name: str, fps: Mapping[str, float]) -> dict[str, Ratio]:
    """Our pass beside each other way, with what is to be reached at this size.

    Args:
        size_name: a key of `SIZES`.
        fps: by the names of the ways.
    """
    targets = {"scaled": SCALED_TARGET, "plain": PLAIN_TARGETS[size_name]}
    targets |= dict.fromkeys(PEER_PASSES, PEER_TARGET)
    reached = {name: round(fps["ours"] / fps[name], 3) for name in targets}
    return {
        name: Ratio(reached[name], target, _judge(reached[name] >= target))
        for name, target in targets.items()
    }


@dataclass(frozen=True)
class _Took:
    """What something took."""

    seconds: float  # that passed
    cpu_seconds: float  # of all cores, with those of processes started and ended meanwhile

    def __add__(self, other: "_Took") -> "_Took":
        return _Took(self.seconds + other.seconds, self.cpu_seconds + other.cpu_seconds)

    def __sub__(self, other: "_Took") -> "_Took":
        return _Took(self.seconds - other.seconds, self.cpu_seconds - other.cpu_seconds)


def _watch_peer(path: Path) -> dict[str, _Took]:
    """The peer's command, less its start, with each of the passes that may follow it."""
    with TemporaryDirectory(prefix="shotseek-peer-") as here:
        folder = Path(here)
        _, starting = _watch(start_peer)
        scenes, finding = _watch(partial(find_scenes, path, folder))
        return {
            name: finding - starting + _watch(partial(write, path, scenes, folder))[1]
            for name, write in PEER_PASSES.items()
        }


def _watch(act: Callable[[], Answer]) -> tuple[Answer, _Took]:
    started, busy = time.perf_counter(), _count_cpu()
    answer = act()
    return answer, _Took(time.perf_counter() - started, _count_cpu() - busy)


def _count_cpu() -> float:
    """Seconds that this process and its ended children have computed so far."""
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def _judge(reached: bool) -> str:
    return "ok" if reached else "missed"
