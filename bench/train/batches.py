"""Batches to learn from: which pictures, how they are cropped and lit, with which captions.

A batch depends on the seed and its number only, so a training that was stopped goes on as if it
had not been. Pictures are never mirrored nor coloured anew: sides and colours are what is learned.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.train.samples import Picture, Samples
from bench.train.wording import contradict, misspell

LEAST_CROP = 0.88  # of width and height
SLIPS = 0.1  # share of captions with a slip of the finger
BLURS = 0.1  # share of pictures
LIGHT = 0.12  # brightness and contrast change by at most this share


@dataclass(frozen=True)
class Batch:
    """n pictures with a caption each, and m captions that are false for one of them."""

    pictures: NDArray[np.uint8]  # (n, h, w, 3)
    captions: tuple[str, ...]  # n
    contrary: tuple[str, ...]  # m
    alike: NDArray[np.bool_]  # (n, n) where another's caption is, or may be, as right


@dataclass(frozen=True)
class Recipe:
    """How batches are made."""

    seed: int
    size: int = 256
    group: int = 4  # neighbouring shots of one film that come together, in half of a batch
    height: int = 112
    width: int = 192


def make_batch(samples: Samples, recipe: Recipe, number: int) -> Batch:
    """The batch of this number."""
    random = np.random.default_rng([recipe.seed, number])
    rows = choose_rows(samples, recipe, random)
    chosen = [samples.get_wordings(row) for row in rows]
    captions = [words[random.integers(len(words))] for words in chosen]
    false = (contradict(caption, random) for caption in captions)
    contrary = tuple(caption for caption in false if caption is not None)
    alike = find_alike(samples.alike[rows], captions)
    typed = [misspell(text, random) if random.random() < SLIPS else text for text in captions]
    drawn = samples.read_pictures([int(row) for row in rows])
    size = (recipe.width, recipe.height)
    pictures = np.stack([disturb(picture, size, random) for picture in drawn])
    return Batch(pictures, tuple(typed), contrary, alike)


def choose_rows(samples: Samples, recipe: Recipe, random: np.random.Generator) -> NDArray[np.int64]:
    """Half of a batch at random; half in groups of shots that follow each other in a film.

    The shots of a group share place and people, so that only who does what, with what and where
    tells them apart.
    """
    starts = np.flatnonzero(np.diff(samples.shots, prepend=-1))  # the first picture of each shot
    ends = np.append(starts[1:], len(samples.shots))
    groups = recipe.size // 2 // recipe.group
    first = random.integers(0, max(1, len(starts) - recipe.group + 1), groups)
    shots = (first[:, None] + np.arange(recipe.group)).ravel() % len(starts)
    grouped = random.integers(starts[shots], ends[shots])
    others = random.integers(0, len(samples.shots), recipe.size - len(grouped))
    return np.concatenate([grouped, others])


def find_alike(alike: NDArray[np.int64], captions: list[str]) -> NDArray[np.bool_]:
    """(n, n) pairs of rows that are duplicates or were given the same words."""
    _, texts = np.unique(np.array(captions), return_inverse=True)
    same: NDArray[np.bool_] = (alike[:, None] == alike) | (texts[:, None] == texts)
    return same


def disturb(picture: Picture, size: tuple[int, int], random: np.random.Generator) -> Picture:
    """A part of the picture in a size (w, h), a little lighter or darker, sometimes blurred."""
    height, width = picture.shape[:2]
    share_w, share_h, x, y, gain, lift = random.random(6)
    w = round(width * (1 - share_w * (1 - LEAST_CROP)))
    h = round(height * (1 - share_h * (1 - LEAST_CROP)))
    left, top = round(x * (width - w)), round(y * (height - h))
    part = picture[top : top + h, left : left + w]
    scaled = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
    if random.random() < BLURS:
        scaled = cv2.GaussianBlur(scaled, (0, 0), random.uniform(0.4, 1.0))
    factor, offset = 1 + (2 * gain - 1) * LIGHT, (2 * lift - 1) * LIGHT * 128
    levels = (np.arange(256) - 128) * factor + 128 + offset
    lit: Picture = cv2.LUT(scaled, np.clip(levels, 0, 255).astype(np.uint8))
    return lit
