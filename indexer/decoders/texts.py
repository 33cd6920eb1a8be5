"""Subtitle cues as plain text.

Knows nothing of frames and sound.
"""

import re
from collections.abc import Iterator

import av

from analyzers.clip import Cue
from indexer.decoders.source import AvPacket, AvStream, to_ms

LONGEST_MS = 10_000  # of a cue that does not say when it ends
UNKNOWN_END = 0xFFFFFFFF
ASS_FIELDS = 8  # before the text of a dialogue line
OVERRIDES = re.compile(r"\{[^{}]*\}|</?[A-Za-z][^<>]*>")
BREAKS = re.compile(r"\\[Nn]|\r\n?")


class TextTrack:
    """One text subtitle stream."""

    def __init__(self, stream: AvStream, number: int) -> None:
        self.damaged = 0
        self._stream = stream
        self._number = number
        language = stream.metadata.get("language", "und")
        self._language = None if language == "und" else language
        self._open: tuple[int, str] | None = None  # a cue that waits for its end

    def push(self, packet: AvPacket | None) -> Iterator[Cue]:
        """The cues that became ready; None at the end."""
        if packet is None or packet.pts is None:
            yield from self._close(None)
            return
        start_ms = to_ms(packet.pts, self._stream)
        yield from self._close(start_ms)
        text, start_ms, end_ms = self._decode(packet, start_ms)
        if text and end_ms is None:
            self._open = (start_ms, text)
        elif text and end_ms is not None and end_ms > start_ms:
            yield self._cue(start_ms, end_ms, text)

    def _decode(self, packet: AvPacket, start_ms: int) -> tuple[str, int, int | None]:
        """The text and its start and end in ms; no end where the file gives none."""
        try:
            found = self._stream.codec_context.decode2(packet)
        except (av.error.FFmpegError, ValueError):
            self.damaged += 1
            return "", start_ms, None
        if found is None:
            return "", start_ms, None
        lines = [plain_text(rect.ass.decode(errors="replace")) for rect in found]
        text = "\n".join(filter(None, lines))
        end_ms: int | None = None
        if packet.duration:
            end_ms = start_ms + to_ms(packet.duration, self._stream)
        elif found.end_display_time not in (0, UNKNOWN_END):
            end_ms = start_ms + found.end_display_time
        return text, start_ms + found.start_display_time, end_ms

    def _close(self, next_ms: int | None) -> Iterator[Cue]:
        if self._open is not None:
            start_ms, text = self._open
            self._open = None
            end_ms = start_ms + LONGEST_MS
            yield self._cue(start_ms, min(end_ms, next_ms or end_ms), text)

    def _cue(self, start_ms: int, end_ms: int, text: str) -> Cue:
        return Cue(start_ms, max(end_ms, start_ms + 1), text, self._language, self._number)

    @property
    def warnings(self) -> list[str]:
        """What was not as it should be, a line each."""
        return [f"{self.damaged} subtitle(s) not decoded"] if self.damaged else []


def plain_text(dialogue: str) -> str:
    """The text of an ASS dialogue line as libav gives it: no markup, one line per line shown."""
    text = dialogue.split(",", ASS_FIELDS)[-1]
    text = OVERRIDES.sub("", BREAKS.sub("\n", text)).replace("\\h", " ")
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
