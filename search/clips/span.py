"""What is cut, and how much work one clip may be.

Knows nothing of files.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """A stretch [start_ms, end_ms) of a video, by the times that the index holds."""

    start_ms: int
    end_ms: int


@dataclass(frozen=True)
class Limits:
    """How long, how large and how costly one clip may be."""

    longest_ms: int = 120_000  # longer spans are cut off there
    longest_px: int = 1280  # of what is encoded anew; what is copied keeps its size
    threads: int = 2  # of the decoder, and as many of the encoder
    most_s: float = 120.0  # seconds until the cache gives up making a clip

    def shorten(self, span: Span) -> Span:
        """The span, or as much of its beginning as is allowed."""
        return Span(span.start_ms, min(span.end_ms, span.start_ms + self.longest_ms))
