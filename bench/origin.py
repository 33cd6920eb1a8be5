"""Where and when a figure was measured, and of which state of the source. Knows no figure."""

import subprocess
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.machine import Machine, describe_machine


@dataclass(frozen=True)
class Origin:
    """What stands beside every figure."""

    commit: str  # `+` behind it if files were changed; "" if the source is under no git
    measured_at: str  # ISO 8601, UTC
    machine: Machine

    def to_json(self) -> dict[str, Any]:
        """Its keys, to stand among those of the figures."""
        return asdict(self)


def find_origin() -> Origin:
    """The origin of what is measured now."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Origin(_read_commit(), now, describe_machine())


def _read_commit() -> str:
    folder = Path(__file__).parent
    try:
        head = _git(folder, "rev-parse", "--short=12", "HEAD")
        changed = _git(folder, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.CalledProcessError):
        return ""
    return head + ("+" if changed else "")


def _git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *words], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()
