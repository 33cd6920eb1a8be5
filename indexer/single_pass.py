"""The one pass over a video: it is decoded once, and every consumer is fed from that pass.

Frames go to shot detection, to the keyframes and to the analyzers that want frames at a rate; sound
and subtitles come along. Each shot is handed on when it is known to be over. Knows no analyzers, no
collection; what it holds of an open shot is bounded in bytes, however long the shot is.
"""

import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from analyzers.analyzer import Wants
from analyzers.clip import Cue, Picture, Sound
from indexer.candidates import Candidates, ChosenKeyframe, Coder
from indexer.frame_grid import FrameGrid, Rate
from indexer.keyframes import KeyframeMaterial
from indexer.media import Frame, Part, VideoReader
from indexer.segmenter import Segmenter
from indexer.tape import Tape

PATIENCE_MS = 10_000  # of video: how long a shot waits for sound that comes after its frames


@dataclass(frozen=True)
class Asks:
    """What the pass has to bring: the union of what analyzers want."""

    keyframes: bool = True
    rates: tuple[Rate, ...] = ()  # frames per second, longer side in px
    sound_hz: tuple[int, ...] = ()
    cues: bool = False

    @classmethod
    def of(cls, wants: Iterable[Wants]) -> "Asks":
        """The union, each thing once."""
        every = list(wants)
        rates = {
            (each.frames_per_second, each.frames_px) for each in every if each.frames_per_second
        }
        return cls(
            keyframes=any(each.keyframes for each in every),
            rates=tuple(sorted(rates)),
            sound_hz=tuple(sorted({each.sound_hz for each in every if each.sound_hz})),
            cues=any(each.subtitles for each in every),
        )


@dataclass(frozen=True, eq=False)
class ShotMaterial:
    """One shot with all that was asked for."""

    start_ms: int
    end_ms: int  # exclusive: the next shot's start, or the end of the last frame
    keyframes: tuple[KeyframeMaterial, ...]
    frames: Mapping[Rate, tuple[Picture, ...]]  # a key for every asked rate
    sound: Mapping[int, Sound]  # a key for every asked rate in hz


@dataclass(frozen=True)
class PassSummary:
    """What is known when the pass is over."""

    frames: int
    first_ms: int
    end_ms: int
    cues: tuple[Cue, ...]
    warnings: tuple[str, ...]
    decode_seconds: float  # waiting for frames, sound and cues
    shots_seconds: float  # detecting shots, choosing and coding pictures

    @classmethod
    def empty(cls) -> "PassSummary":
        """Nothing was read."""
        return cls(0, 0, 0, (), (), 0.0, 0.0)


def read_video(
    reader: VideoReader, segmenter: Segmenter, asks: Asks
) -> Iterator[ShotMaterial | PassSummary]:
    """Read a video once; gives its shots in order, each when it is over, and last a summary.

    Every moment from the first frame's time to the end of the last frame is in exactly one shot;
    each shot begins at the time of its first frame.

    Args:
        reader: open; it is read to its end.
        segmenter: made for this video.
        asks: what each shot shall carry.

    Raises:
        RuntimeError: the segmenter breaks its contract.
    """
    with Coder() as coder:
        one_pass = _Pass(reader, segmenter, asks, coder)
        parts = reader.read(sound_hz=asks.sound_hz, cues=asks.cues)
        clock = time.perf_counter
        before = clock()
        for part in parts:
            decoded = clock()
            one_pass.decode_seconds += decoded - before
            one_pass.take(part)
            before = clock()
            one_pass.shots_seconds += before - decoded
            if one_pass.waiting:
                yield from one_pass.ready()
                before = clock()
        one_pass.finish()
        yield from one_pass.ready()
        yield one_pass.summary()


@dataclass(frozen=True, eq=False)
class _Waiting:
    """A shot that is over; its sound and its coded pictures may still be under way."""

    start_ms: int
    end_ms: int
    keyframes: list[ChosenKeyframe]
    frames: dict[Rate, tuple[Picture, ...]]


class _Pass:
    """The state of one pass."""

    def __init__(self, reader: VideoReader, segmenter: Segmenter, asks: Asks, coder: Coder) -> None:
        self.decode_seconds = self.shots_seconds = 0.0
        self.waiting: deque[_Waiting] = deque()
        self._reader = reader
        self._segmenter = segmenter
        size = reader.container.width, reader.container.height
        self._candidates = Candidates(coder, *size) if asks.keyframes else None
        self._grid = FrameGrid(asks.rates)
        self._tapes = [Tape(hz) for hz in asks.sound_hz]
        self._cues: list[Cue] = []
        self._frames = 0
        self._first_ms = self._start_ms = 0
        self._last: Frame | None = None
        self._over = False

    def take(self, part: Part) -> None:
        """Take whatever comes next."""
        if isinstance(part, Sound):
            for tape in self._tapes:
                if tape.hz == part.hz:
                    tape.hear(part)
        elif isinstance(part, Cue):
            self._cues.append(part)
        else:
            self._see(part)

    def _see(self, frame: Frame) -> None:
        if self._last is None:
            self._first_ms = self._start_ms = frame.time_ms
        self._frames += 1
        self._last = frame
        sample = frame.sample()
        for cut_ms in self._segmenter.push(frame.time_ms, sample):
            self._end_shot(cut_ms)
        if self._candidates is not None:
            self._candidates.push(frame, sample, self._segmenter.settled_ms)
        self._grid.push(frame)

    def finish(self) -> None:
        """The video is over; so is the last shot."""
        started = time.perf_counter()
        for cut_ms in self._segmenter.finish():
            self._end_shot(cut_ms)
        if self._last is not None:
            self._end_shot(self._end_ms())
        self._over = True
        self.shots_seconds += time.perf_counter() - started

    def _end_ms(self) -> int:
        return self._last.time_ms + self._last.duration_ms if self._last else 0

    def _end_shot(self, end_ms: int) -> None:
        if end_ms <= self._start_ms:
            raise RuntimeError(f"a cut at {end_ms} ms in the shot that begins at {self._start_ms}")
        keyframes = self._candidates.take(end_ms) if self._candidates else []
        frames = self._grid.take(self._start_ms, end_ms)
        self.waiting.append(_Waiting(self._start_ms, end_ms, keyframes, frames))
        self._start_ms = end_ms

    def ready(self) -> Iterator[ShotMaterial]:
        """The shots that are over, in order, as far as all that belongs to them is there."""
        while self.waiting and self._is_complete(self.waiting[0]):
            shot = self.waiting.popleft()
            started = time.perf_counter()
            material = ShotMaterial(
                shot.start_ms,
                shot.end_ms,
                tuple(each.material() for each in shot.keyframes),
                shot.frames,
                {tape.hz: tape.take(shot.start_ms, shot.end_ms) for tape in self._tapes},
            )
            self.shots_seconds += time.perf_counter() - started
            yield material

    def _is_complete(self, shot: _Waiting) -> bool:
        if self._over or self._end_ms() - shot.end_ms > PATIENCE_MS:
            return True
        heard = all(tape.has_heard(shot.end_ms) for tape in self._tapes)
        return heard and all(each.is_coded for each in shot.keyframes)

    def summary(self) -> PassSummary:
        """What is known at the end."""
        return PassSummary(
            frames=self._frames,
            first_ms=self._first_ms,
            end_ms=self._end_ms(),
            cues=tuple(self._cues),
            warnings=tuple(self._reader.warnings),
            decode_seconds=self.decode_seconds,
            shots_seconds=self.shots_seconds,
        )
