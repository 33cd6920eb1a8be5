"""Draws a film frame by frame from its plan.

Knows nothing of files, sound and truth.
"""

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bench.world.effects import blend, flaw, make_black, split, write_caption, write_title
from bench.world.lettering import join_captions
from bench.world.painter import Dressed, Painter
from bench.world.plan import FRAME_MS, ShotPlan, Transition, VideoPlan
from bench.world.staging import DRAWING_MS, drawn_ms

Pixels: TypeAlias = NDArray[np.uint8]

CUT = Transition()


def draw_frames(plan: VideoPlan) -> Iterator[Pixels]:
    """All frames of a film in their order, (180, 320, 3) RGB; the same array may come twice."""
    last = make_black()
    painters = [ShotPainter(plan, plan.shots[0])]
    for number, shot in enumerate(plan.shots):
        painter = painters.pop()
        following = plan.shots[number + 1 : number + 2]
        painters += [ShotPainter(plan, next_shot) for next_shot in following]
        yield from _draw_shot(shot, last, painter, painters)
        last = painter.paint(shot.end_ms - shot.start_ms - FRAME_MS)


def draw_frame(plan: VideoPlan, shot: ShotPlan, ms: int) -> Pixels:
    """One frame of a shot, `ms` from its start, as it is without transitions."""
    return ShotPainter(plan, shot).paint_once(ms)


class ShotPainter:
    """Paints the frames of one shot."""

    def __init__(self, plan: VideoPlan, shot: ShotPlan) -> None:
        """A painter of a shot of a film; nothing is painted yet."""
        looks = {person.id: person.look for person in plan.cast}
        dressed, length_ms = Dressed(looks, dict(plan.clothes)), shot.end_ms - shot.start_ms
        self._painters = [
            Painter(picture, dressed, length_ms, shot.tempo) for picture in shot.pictures
        ]
        self._words = plan.title if shot.is_title else join_captions(shot)
        self._write = write_title if shot.is_title else write_caption
        self._flaws = shot.flaws
        self.entry = shot.transition
        self._last: tuple[int, Pixels] | None = None

    def paint(self, ms: int) -> Pixels:
        """The frame at a time of the shot; not to be written on, it is handed out again."""
        at = drawn_ms(ms)
        if self._last is None or self._last[0] != at:
            self._last = at, self._finish([painter.paint(at) for painter in self._painters], at)
        return self._last[1]

    def paint_once(self, ms: int) -> Pixels:
        """The same, quicker if no other time of this shot is asked for."""
        return self._finish([painter.paint_once(ms) for painter in self._painters], drawn_ms(ms))

    def _finish(self, halves: list[Pixels], at: int) -> Pixels:
        picture = split(*halves) if len(halves) == 2 else halves[0]
        picture = flaw(picture, self._flaws, at // DRAWING_MS)
        return self._write(picture, self._words) if self._words else picture


def _draw_shot(
    shot: ShotPlan, last: Pixels, painter: ShotPainter, following: list[ShotPainter]
) -> Iterator[Pixels]:
    """The frames of a shot; at its borders its neighbours stand still while they pass over."""
    entry = shot.transition
    length_ms = shot.end_ms - shot.start_ms
    leave = following[0].entry if following else CUT
    after = following[0].paint(0) if leave.ms else last
    for ms in range(0, length_ms, FRAME_MS):
        here = painter.paint(ms)
        middle = ms + FRAME_MS / 2
        if middle < entry.ms / 2:
            yield blend(entry.kind, last, here, 0.5 + middle / entry.ms)
        elif middle > length_ms - leave.ms / 2:
            yield blend(leave.kind, here, after, 0.5 - (length_ms - middle) / leave.ms)
        else:
            yield here
