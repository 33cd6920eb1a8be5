"""How much memory our pass over a video takes, measured in a process that does nothing else.

Run as a module (`python -m bench.memory FILE`) this file is that process. Knows nothing of where
the video comes from and of how the figures are shown.
"""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.machine import Machine

TARGET_MB = 700.0  # above the models, of which this pass has none
QUARTERS = 4


@dataclass(frozen=True)
class MemoryFigures:
    """Resident memory of a process, MB of 2**20 bytes."""

    frames: int
    shots: int
    minutes: float  # of video
    seconds: float  # of work
    fps: float
    start_mb: float  # libraries loaded, nothing read
    quarters_mb: tuple[float, ...]  # the highest seen in each quarter of the video
    growth_mb: float  # from the first quarter to the last
    peak_mb: float  # the highest ever, as the system counted it
    target_mb: float = TARGET_MB

    @property
    def verdict(self) -> str:
        """`ok` or `missed`."""
        return "ok" if self.peak_mb < self.target_mb else "missed"

    def to_json(self, machine: Machine) -> dict[str, Any]:
        """One object, as `bench memory --json` prints it."""
        return {
            "bench": "memory",
            "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": asdict(machine),
            **asdict(self),
            "verdict": self.verdict,
        }


def measure_memory(path: Path) -> MemoryFigures:
    """Run our pass over a video in a process of its own.

    Raises:
        subprocess.CalledProcessError: the pass broke; what it said went to stderr.
    """
    command = [sys.executable, "-P", "-m", "bench.memory", str(path)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    told = json.loads(done.stdout)
    return MemoryFigures(**{**told, "quarters_mb": tuple(told["quarters_mb"])})


def watch_pass(path: Path) -> MemoryFigures:
    """Run our pass in this process and watch its memory."""
    import psutil

    from bench.passes import read_whole
    from indexer.media import open_video

    me = psutil.Process()
    with open_video(path) as reader:
        length_ms = max(1, reader.container.duration_ms)
    start = me.memory_info().rss
    quarters = [0] * QUARTERS
    shots = frames = end_ms = 0
    started = time.perf_counter()
    for part in read_whole(path):
        end_ms = part.end_ms
        quarter = min(QUARTERS - 1, (end_ms - 1) * QUARTERS // length_ms)
        quarters[quarter] = max(quarters[quarter], me.memory_info().rss)
        seen = getattr(part, "frames", None)
        if isinstance(seen, int):
            frames = seen
        else:
            shots += 1
    seconds = time.perf_counter() - started
    return MemoryFigures(
        frames=frames,
        shots=shots,
        minutes=round(end_ms / 60_000, 2),
        seconds=round(seconds, 2),
        fps=round(frames / seconds, 1),
        start_mb=_mb(start),
        quarters_mb=tuple(_mb(each) for each in quarters),
        growth_mb=_mb(quarters[-1] - quarters[0]),
        peak_mb=_mb(max(_find_peak(), *quarters)),
    )


def _find_peak() -> int:
    """The most memory this process ever had, in bytes.

    Linux hands `ru_maxrss` down from the process that started this one, so its own high-water mark
    is asked first.
    """
    try:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def _mb(size: float) -> float:
    return round(size / 2**20, 1)


def main(arguments: Sequence[str]) -> None:
    """Watch the pass over the named file and say what was seen, as JSON."""
    sys.stdout.write(json.dumps(asdict(watch_pass(Path(arguments[0])))) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
