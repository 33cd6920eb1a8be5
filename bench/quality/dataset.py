"""What a quality run is made on: indexed videos, the tasks, and what is known of them.

Two kinds: the made world, whose films are drawn and indexed on the spot, and a collection of one's
own with annotations. Knows no metric.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.quality.task import Task
from bench.world.truth import Truth
from search.leaves.image import ImageLeaf
from search.query import Query


@dataclass(frozen=True)
class Tasks:
    """The tasks of a dataset by kind; kinds that it has none of are empty."""

    known_by_text: Mapping[str, Sequence[Task]]  # by kind of caption
    by_picture: Sequence[Task] = ()
    pairs: Sequence[tuple[Task, Task]] = ()  # the first alone, both by `then`
    topics: Sequence[Task] = ()

    @property
    def count(self) -> int:
        """All queries that will be asked."""
        texts = sum(len(tasks) for tasks in self.known_by_text.values())
        return texts + len(self.by_picture) + 2 * len(self.pairs) + len(self.topics)


@dataclass(frozen=True)
class Dataset:
    """Indexed videos with tasks."""

    name: str
    collection: Path
    tasks: Tasks
    films: tuple[Truth, ...] = ()  # of the made world
    seconds: Mapping[str, float] = field(default_factory=dict)  # what making it took


def read_own(collection: Path, annotations: Path) -> Dataset:
    """A collection of one's own with an annotation file.

    Raises:
        SettingsError: the annotations cannot be read.
    """
    from bench.quality.annotations import read_annotations

    tasks = read_annotations(annotations)
    known = [task for task in tasks if task.kind == "tkis/own"]
    topics = [task for task in tasks if task.kind == "avs"]
    pictures = [task for task in tasks if task.kind == "vkis"]
    return Dataset(collection.name, collection, Tasks({"own": known}, pictures, (), topics))


def make_tasks(films: Sequence[Truth], videos: Path, count: int, seed: int) -> Tasks:
    """The tasks of films of the made world, at most `count` of each kind.

    Args:
        films: their truths.
        videos: the folder of the films, for pictures to ask with.
        count: of each kind.
        seed: of the chance by which they are drawn.
    """
    from bench.quality.pictures import read_frame, spoil
    from bench.quality.world_tasks import CAPTIONS, WorldTasks
    from bench.world.dice import Dice
    from bench.world.likeness import find_duplicates

    world = WorldTasks(films, seed, find_duplicates(films))
    pictured = []
    for target, time_ms in world.pictured(count):
        frame = read_frame(videos / f"{target.film.id}.mp4", time_ms)
        picture = spoil(frame, Dice("spoil", seed, target.name))
        pictured.append(world.by_picture(target, Query(root=ImageLeaf.of(picture))))
    return Tasks(
        {caption: world.known_by_text(count, caption) for caption in CAPTIONS},
        pictured,
        world.pairs(count),
        world.topics(count),
    )
