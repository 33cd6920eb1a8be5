"""What a figure was measured on: the machine and the versions of what was measured."""

import os
import platform
import sys
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

MEASURED = ("shotseek", "av", "numpy", "opencv-python-headless", "scenedetect-headless")


@dataclass(frozen=True)
class Machine:
    """Where a figure comes from; figures of two machines are not compared."""

    cpu: str
    cores: int  # that this process may use
    memory_mb: int
    system: str
    load: float  # runnable processes in the last minute, before measuring
    versions: dict[str, str] = field(default_factory=dict)


def describe_machine() -> Machine:
    """The machine this runs on, as it is now."""
    import psutil

    return Machine(
        cpu=_name_cpu(),
        cores=len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1,
        memory_mb=psutil.virtual_memory().total // 2**20,
        system=platform.platform(),
        load=round(psutil.getloadavg()[0], 2),
        versions={"python": platform.python_version(), **_find_versions()},
    )


def _name_cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()


def _find_versions() -> dict[str, str]:
    found = {}
    for name in MEASURED:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
