"""How well borders between shots are found: from scores on disk, or by the product on made films.

Knows nothing of how a border is found, and no matching rule: that is `evaluate/cuts.py`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from analyzers.error import SettingsError
from bench.evaluate.cuts import ShotFigures, count_videos, find_transitions, score_to_shots
from bench.origin import Origin, find_origin
from bench.quality.ranker import Product
from bench.quality.run import TOLERANCE_MS, judge_shots
from bench.quality.world_films import FilmsMade, Tell, index, safe_name

SCORES, SCENES = "autoshot_scores.npz", "autoshot_scenes.json"
TOLERANCE = 2  # frames
# AutoShot's F1 on the test videos of SHOT (Zhu et al., 2023), which is for its own threshold.
THRESHOLD, PUBLISHED_F1, WITHIN = 0.296, 0.84, 0.005


@dataclass(frozen=True)
class Published:
    """A figure that should come out again."""

    name: str
    reached: float
    target: float
    within: float

    @property
    def verdict(self) -> str:
        """`ok` or `missed`."""
        return "ok" if abs(self.reached - self.target) <= self.within else "missed"

    def to_json(self) -> dict[str, Any]:
        """One object."""
        return {
            "name": self.name, "reached": self.reached, "target": self.target,
            "within": self.within, "verdict": self.verdict,
        }  # fmt: skip


@dataclass(frozen=True)
class BorderFigures:
    """Borders of one set of videos, as one or several detectors find them."""

    dataset: str
    videos: int
    tolerance: str
    found: Mapping[str, ShotFigures]  # by detector
    origin: Origin
    targets: tuple[Published, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """One object, as `bench shots --json` prints it."""
        return {
            "bench": "shots",
            **self.origin.to_json(),
            "dataset": {"name": self.dataset, "videos": self.videos, "tolerance": self.tolerance},
            "found": {name: each.to_json() for name, each in self.found.items()},
            "targets": [each.to_json() for each in self.targets],
            "seconds": dict(self.seconds),
        }


def judge_scores(folder: Path, threshold: float = THRESHOLD) -> BorderFigures:
    """Judge a detector by its scores of every frame.

    Args:
        folder: with `autoshot_scores.npz`, the (frames,) scores of each video by its name, and
            `autoshot_scenes.json`, the first and last frames of the true shots by the same names.
        threshold: a frame that scores more is part of a transition.

    Raises:
        SettingsError: a file is missing or not of that form.
    """
    found, true = _read_scores(folder, threshold), _read_scenes(folder)
    if absent := [name for name in true if name not in found]:
        raise SettingsError(f"{folder / SCORES}: no scores of the video {absent[0]}")
    pairs = ((find_transitions(found[name]), find_transitions(true[name])) for name in true)
    figures = count_videos(pairs, TOLERANCE, tells_kinds=True)
    published = Published("F1 as published", figures.all.f1, PUBLISHED_F1, WITHIN)
    return BorderFigures(
        str(folder),
        len(true),
        f"{TOLERANCE} frames",
        {f"scores above {threshold:g}": figures},
        find_origin(),
        (published,) if threshold == THRESHOLD else (),
    )


def judge_segmenters(films: FilmsMade, names: Sequence[str], tell: Tell) -> BorderFigures:
    """Index made films with each segmenter, without models, and judge the shots.

    Args:
        films: of the made world.
        names: of segmenters, as `index --shots` takes them.
        tell: hears what is being done.

    Raises:
        IndexingFailed: `shotseek index` ended with an error.
    """
    found, seconds = {}, {"making": films.seconds}
    for name in names:
        tell(f"shots by {name}")
        collection = films.home / f"shots-{safe_name(name)}.collection"
        flags = ["--analyzers", "none", "--shots", name]
        seconds[name] = index(films.videos, collection, flags)
        found[name] = judge_shots(films.truths, Product(collection).find_spans())
    return BorderFigures(
        "made world, test",
        len(films.truths),
        f"{TOLERANCE_MS} ms",
        found,
        find_origin(),
        seconds=seconds,
    )


def _read_scores(folder: Path, threshold: float) -> Mapping[str, Any]:
    file = folder / SCORES
    try:
        with np.load(file) as scores:
            return {name: score_to_shots(scores[name], threshold) for name in scores.files}
    except (OSError, ValueError) as error:
        raise SettingsError(f"{file}: {error}") from error


def _read_scenes(folder: Path) -> Mapping[str, Any]:
    file = folder / SCENES
    try:
        scenes: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{file}: {error}") from error
    return scenes
