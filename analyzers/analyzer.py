"""The interface of everything that looks at videos.

`tests/analyzers/test_contract.py` is its specification. To add an analyzer: write a class with this
shape, register it (`analyzers/registry.py`, or the entry-point group `shotseek.analyzers` from
another package), add it to the contract test. No table, engine or screen changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from analyzers.clip import Clip
from analyzers.finding import Finding


class Scope(StrEnum):
    """What one clip of an analyzer covers."""

    SHOT = "shot"
    SCENE = "scene"
    VIDEO = "video"
    COLLECTION = "collection"


@dataclass(frozen=True)
class Wants:
    """What an analyzer asks to be shown; the one decode pass feeds it."""

    keyframes: bool = False
    frames_per_second: float | None = None  # frames at a rate, besides keyframes
    frames_px: int = 256  # longer side of those frames, px; never enlarged
    sound_hz: int | None = None  # mono sound at this rate
    container: bool = False
    subtitles: bool = False  # cues of subtitle streams, and side-cars
    former: bool = False  # what it said of the clip before, in the scope `collection`


@runtime_checkable
class Analyzer(Protocol):
    """Looks at clips and says what it finds: batch in, batch out, same order.

    Construction takes options only and is cheap; weights load at the first `analyze`. One instance
    is used by one thread at a time. What is found in a clip must not depend on the other clips of
    the batch, but in the scope `collection`.
    """

    @property
    def name(self) -> str:
        """A short lower-case name, unique among analyzers (`ocr`, `embed:SPACE`)."""

    @property
    def version(self) -> str:
        """Changes when the same clip may give other findings; older ones are made anew."""

    @property
    def scope(self) -> Scope:
        """What one clip covers."""

    @property
    def wants(self) -> Wants:
        """What has to be shown."""

    @property
    def needs(self) -> tuple[str, ...]:
        """Names of analyzers whose findings are handed over in the clip; () if none."""

    def analyze(self, clips: Sequence[Clip]) -> list[list[Finding]]:
        """Say what is in each clip.

        Findings lie inside their clip: `clip.start_ms <= start_ms < end_ms <= clip.end_ms`.
        """
