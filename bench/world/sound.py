"""Makes what is heard in a film from its plan: instrument-like tones, noises, silence.

Knows nothing of pictures and of files.
"""

from collections.abc import Callable
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray

from analyzers.clip import Sound
from bench.world.dice import Dice
from bench.world.plan import SoundPlan, VideoPlan

HZ = 16_000
FADE_MS = 160  # from one sound to the next, half before the border, half after
LOUDEST = 0.8

Wave: TypeAlias = NDArray[np.float32]

CHORDS = ((0, 4, 7), (-3, 0, 4), (5, 9, 12), (7, 11, 14), (2, 5, 9), (-5, -1, 2))  # semitones
OVERTONES = (1.0, 0.5, 0.28, 0.16, 0.08)  # of a plucked string
STRIKE = ((1.0, 1.0), (2.0, 0.6), (2.4, 0.5), (3.0, 0.35), (4.5, 0.25))  # a bell's partials
ROOT_HZ, BELL_HZ, ENGINE_HZ = 220.0, 620.0, 46.0


def make_sound(plan: VideoPlan) -> Sound:
    """The sound of a whole film, mono, 16 kHz; silent where nothing is planned."""
    total = _count(plan.length_ms)
    mixed = np.zeros(total + _count(FADE_MS), np.float32)
    for number, piece in enumerate(plan.sounds):
        dice = Dice(plan.id, "sound", number)
        start = max(0, _count(piece.start_ms - FADE_MS // 2))
        wave = _make_piece(piece, dice)[: len(mixed) - start]
        mixed[start : start + len(wave)] += wave
    return Sound(0, HZ, np.clip(mixed[:total], -1.0, 1.0))


def _make_piece(piece: SoundPlan, dice: Dice) -> Wave:
    length = _count(piece.end_ms - piece.start_ms + FADE_MS)
    wave = MAKERS[piece.kind](length, dice)
    peak = float(np.abs(wave).max(initial=0.0))
    if peak > 0:
        wave *= LOUDEST / peak
    fade = min(_count(FADE_MS), length // 2)
    ramp = np.linspace(0.0, 1.0, fade, dtype=np.float32)
    wave[:fade] *= ramp
    wave[length - fade :] *= ramp[::-1]
    return wave


def _count(ms: int) -> int:
    return ms * HZ // 1000


def _make_music(length: int, dice: Dice) -> Wave:
    """Broken chords, two a second or so, over a bass."""
    wave = np.zeros(length, np.float32)
    beat = round(HZ * dice.between(0.2, 0.32))
    root = ROOT_HZ * 2 ** (dice.whole(-5, 5) / 12)
    chords = dice.shuffle(CHORDS)
    for number, start in enumerate(range(0, length, beat)):
        chord = chords[number // 8 % len(chords)]
        note = chord[(0, 1, 2, 1, 2, 0, 1, 2)[number % 8]] + 12 * dice.whole(0, 1)
        _strike(wave, start, _pluck(root * 2 ** (note / 12), 5 * beat))
        if number % 8 == 0:
            _strike(wave, start, 1.4 * _pluck(root / 2 * 2 ** (chord[0] / 12), 8 * beat))
    return wave


def _pluck(hz: float, length: int) -> Wave:
    seconds = np.arange(length, dtype=np.float32) / HZ
    tone = sum(
        share * np.sin(2 * np.pi * hz * (k + 1) * seconds) * np.exp(-seconds * (2.0 + 1.5 * k))
        for k, share in enumerate(OVERTONES)
    )
    attack = np.minimum(1.0, seconds * 200)
    return np.asarray(tone * attack, np.float32)


def _make_engine(length: int, dice: Dice) -> Wave:
    """A low sawtooth whose speed wavers, with some roar."""
    wander = _shape(length, dice, 0.0, 1.5)
    hz = ENGINE_HZ * dice.between(0.85, 1.3) * (1 + 0.12 * wander)
    turns = np.cumsum(hz / HZ)
    saw = 2 * (turns % 1.0) - 1
    half = 2 * (turns / 2 % 1.0) - 1
    return np.asarray(saw + 0.6 * half + 0.5 * _shape(length, dice, 60, 900), np.float32)


def _make_wind(length: int, dice: Dice) -> Wave:
    gusts = 0.55 + 0.45 * _shape(length, dice, 0.0, 0.5)
    return np.asarray(_shape(length, dice, 150, 900) * np.clip(gusts, 0.1, 1.5), np.float32)


def _make_birdsong(length: int, dice: Dice) -> Wave:
    """Phrases of quick chirps with pauses between."""
    wave = 0.01 * _shape(length, dice, 200, 2000)
    at = 0
    while at < length:
        low = dice.between(2200, 3600)
        for _ in range(dice.whole(2, 6)):
            at += round(HZ * dice.between(0.09, 0.16))
            _strike(wave, at, _chirp(low, low * dice.between(1.15, 1.7), dice.between(0.05, 0.11)))
        at += round(HZ * dice.between(0.25, 0.9))
    return wave


def _chirp(start_hz: float, end_hz: float, seconds: float) -> Wave:
    share = np.linspace(0.0, 1.0, round(seconds * HZ), dtype=np.float32)
    phase = 2 * np.pi * seconds * (start_hz * share + (end_hz - start_hz) * share**2 / 2)
    return np.asarray(np.sin(phase) * np.sin(np.pi * share) ** 2, np.float32)


def _make_bell(length: int, dice: Dice) -> Wave:
    wave = np.zeros(length, np.float32)
    hz = BELL_HZ * dice.between(0.8, 1.5)
    seconds = np.arange(round(2.6 * HZ), dtype=np.float32) / HZ
    stroke = sum(
        loud * np.sin(2 * np.pi * hz * ratio * seconds) * np.exp(-seconds * (1.2 + ratio * 0.8))
        for ratio, loud in STRIKE
    )
    for start in range(round(0.1 * HZ), length, round(HZ * dice.between(1.1, 1.6))):
        _strike(wave, start, np.asarray(stroke, np.float32))
    return wave


def _make_crowd(length: int, dice: Dice) -> Wave:
    """Many voices at once: noise in the bands of speech, each swelling by syllables."""
    wave = np.zeros(length, np.float32)
    for low, high in ((250, 500), (400, 800), (700, 1300), (1200, 2400)):
        syllables = np.clip(_shape(length, dice, 0.0, 5.0), 0.0, None)
        wave += _shape(length, dice, low, high) * (0.25 + syllables)
    return wave


def _make_silence(length: int, dice: Dice) -> Wave:
    """Nothing at all; the dice lie unused."""
    del dice
    return np.zeros(length, np.float32)


def _strike(wave: Wave, start: int, tone: Wave) -> None:
    part = tone[: max(0, len(wave) - start)]
    wave[start : start + len(part)] += part


def _shape(length: int, dice: Dice, low_hz: float, high_hz: float) -> Wave:
    """Noise between two frequencies, of standard deviation 1."""
    source = Generator(PCG64(dice.whole(0, 2**31)))
    frequencies = np.fft.rfftfreq(length, 1 / HZ)
    band = (frequencies >= low_hz) & (frequencies <= high_hz)
    parts = np.zeros(len(frequencies), np.complex64)
    count = int(band.sum())
    parts[band] = source.standard_normal(count) + 1j * source.standard_normal(count)
    noise = np.fft.irfft(parts, length)
    spread = float(noise.std()) or 1.0
    return np.asarray(noise / spread, np.float32)


MAKERS: MappingProxyType[str, Callable[[int, Dice], Wave]] = MappingProxyType(
    {
        "music": _make_music,
        "engine": _make_engine,
        "wind": _make_wind,
        "birdsong": _make_birdsong,
        "bell": _make_bell,
        "crowd": _make_crowd,
        "silence": _make_silence,
    }
)
