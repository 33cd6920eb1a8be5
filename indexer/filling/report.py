"""What `index` says of itself at the end. Knows no collection, no terminal."""

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from typing import Any

EXIT_ALL_GOOD, EXIT_SOME_FAILED, EXIT_ALL_FAILED = 0, 3, 4

COUNTED = ("added", "updated", "unchanged", "moved", "missing", "failed")


@dataclass(frozen=True)
class Note:
    """A failure or a warning about one file."""

    path: str
    stage: str  # "open", "decode", "store" or the name of an analyzer
    reason: str


@dataclass
class IndexReport:
    """Counts, notes and seconds of one run of `index`; filled while it goes on."""

    collection: str
    videos: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(COUNTED, 0)))
    shots: int = 0  # in the collection, afterwards
    keyframes: int = 0  # in the collection, afterwards
    failures: list[Note] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)
    total_seconds: float = 0.0
    decode_seconds: float = 0.0
    shots_seconds: float = 0.0
    waiting_seconds: float = 0.0  # the models waited for the decoder
    frames: int = 0  # decoded
    analyzer_seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    analyzer_clips: Counter[str] = field(default_factory=Counter)
    found: int = 0  # videos that this command found

    @property
    def exit_code(self) -> int:
        """0: all good; 3: some videos failed; 4: every video found by this command failed."""
        if self.videos["failed"] and self.videos["failed"] >= self.found:
            return EXIT_ALL_FAILED
        return EXIT_SOME_FAILED if self.failures else EXIT_ALL_GOOD

    def to_json(self) -> dict[str, Any]:
        """The object that `index --json` prints; its keys never change."""
        return {
            "collection": self.collection,
            "videos": {name: self.videos[name] for name in COUNTED},
            "shots": self.shots,
            "keyframes": self.keyframes,
            "failures": [asdict(note) for note in self.failures],
            "warnings": [asdict(note) for note in self.warnings],
            "seconds": {
                "total": round(self.total_seconds, 3),
                "decode": round(self.decode_seconds, 3),
                "shots": round(self.shots_seconds, 3),
                "analyzers": {
                    name: round(seconds, 3)
                    for name, seconds in sorted(self.analyzer_seconds.items())
                },
            },
        }
