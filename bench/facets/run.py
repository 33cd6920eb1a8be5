"""Films of the test split, labelled by the product; each shot's labels beside what is true of it.

The product indexes them with the profile `demo` and is given the packs by its own command. Knows
nothing of how labels come about.
"""

import json
import subprocess
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analyzers.finding import Label
from bench.facets.packs import Asked, list_asked, write_pack
from bench.quality.world_films import IndexingFailed, index, make_films
from bench.world.truth import ShotTruth, Truth
from indexer.collection import Collection

FLAGS = ("--profile", "demo", "--analyzers", "embed")
LEAST_SHOTS = 5  # in which a name has to be true to be judged
Tell = Callable[[str], None]
Names = frozenset[str]


@dataclass(frozen=True)
class NameFigures:
    """How right one label is, over shots."""

    shots: int  # of which it is true
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True)
class FacetRun:
    """All that a run measured."""

    films: int
    shots: int
    keyframes: int
    names: dict[str, dict[str, NameFigures]]  # by facet and name
    seconds_per_million: dict[str, float]


def measure_facets(folder: Path, seed: int, films: int, tell: Tell) -> FacetRun:
    """Make films, index them, add the packs, compare.

    Args:
        folder: where films and the collection are kept for the next time.
        seed: of the made world.
        films: how many.
        tell: hears what is being done.
    """
    made = make_films(folder, seed, films, tell)
    home = folder / f"facets-{made.home.name}"
    tell(f"indexing {films} films")
    index(made.videos, home, FLAGS)
    truths = {f"{film.id}.mp4": film for film in made.truths}
    figures: dict[str, dict[str, NameFigures]] = {}
    seconds: dict[str, float] = {}
    with Collection.open_(home) as opened:
        for asked in list_asked():
            tell(f"labelling: {asked.facet}")
            told = _add(write_pack(folder, asked), home)
            seconds[asked.facet] = round(told["seconds_per_million"], 1)
            pairs = compare(opened, truths, asked)
            figures[asked.facet] = judge(pairs, asked.names)
        counts = opened.catalog.counts()
    return FacetRun(films, len(pairs), counts.keyframes, figures, seconds)


def compare(
    collection: Collection, truths: dict[str, Truth], asked: Asked
) -> list[tuple[Names, Names]]:
    """For each shot of the films the names that are true, and those that were told."""
    pairs = []
    for video in collection.catalog.find_videos():
        found = collection.find_findings(video, [f"facet:{asked.facet}"])
        labels = [one for one in found if isinstance(one, Label) and one.name in asked.names]
        for shot in truths[video.name].shots:
            if not shot.is_title:
                told = _told_of(shot, labels, is_exclusive=asked.is_exclusive)
                pairs.append((asked.find(shot), told))
    return pairs


def judge(pairs: Sequence[tuple[Names, Names]], names: Sequence[str]) -> dict[str, NameFigures]:
    """Of each name that is true of LEAST_SHOTS shots."""
    figures = {}
    for name in names:
        true = sum(name in right for right, _ in pairs)
        told = sum(name in said for _, said in pairs)
        both = sum(name in right and name in said for right, said in pairs)
        if true >= LEAST_SHOTS:
            figures[name] = NameFigures(true, both / max(told, 1), both / true)
    return figures


def _told_of(shot: ShotTruth, labels: Sequence[Label], *, is_exclusive: bool) -> Names:
    """The labels of the keyframes whose middle lies in a shot; of an exclusive pack the surest."""
    scores: defaultdict[str, float] = defaultdict(float)
    for label in labels:
        if shot.start_ms <= (label.start_ms + label.end_ms) / 2 < shot.end_ms:
            scores[label.name] += label.score * (label.end_ms - label.start_ms)
    if is_exclusive and scores:
        return frozenset([max(scores, key=lambda name: scores[name])])
    return frozenset(scores)


def _add(pack: Path, collection: Path) -> dict[str, Any]:
    from bench.serving import clean_environment, command_line

    words = ["facet", "add", str(pack), "--collection", str(collection), "--json"]
    done = subprocess.run(
        command_line(words), env=clean_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise IndexingFailed(done.stderr.strip() or f"exit code {done.returncode}")
    told: dict[str, Any] = json.loads(done.stdout)
    return told
