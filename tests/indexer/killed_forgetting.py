"""Forgetting that is killed at its steps, and what is left when it is done again.

Run by `test_forgetting.py` as a script: `killed_forgetting.py FOLDER EVERY`; killed before every
so manyth step.
"""

import os
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from conftest import FACES, TOY, Maker
from killed_writers import Killer, do, fork, wait
from made_faces import RIGHT, cluster, face, film, holds, holds_vector, tracks_of

from indexer.collection import Collection
from indexer.generations.build import bring_up_to_date, build_generation
from indexer.generations.opening import find_generations, open_generation
from indexer.people.error import PersonMissing
from indexer.people.gallery import Gallery
from indexer.people.people import open_people

NAME = "Ann Ephemeral"


def prepare(folder: Path) -> None:
    """A collection in which Ann has a name."""
    with Collection.create(folder) as collection, open_people(folder, writing=True) as people:
        collection.add_space(TOY)
        collection.add_space(FACES)
        film(collection, Maker(), "one.mp4", [face("a1"), face("b1", box=RIGHT, seed=1)])
        build_generation(collection)
        film(collection, Maker(), "two.mp4", [face("a2")])
        cluster(collection, {"a1": "p0", "a2": "p0", "b1": "p1"})
        bring_up_to_date(collection)
        Gallery(collection, people).name("p0", NAME)


def forget(folder: Path, step: int | None) -> None:
    """Forget Ann, perhaps until a step; where that was done already nobody is called so."""
    with Collection.open_(folder) as collection, open_people(folder, writing=True) as people:
        if step is not None:
            sys.setprofile(Killer(step))
        try:
            Gallery(collection, people).forget(NAME)
        except PersonMissing:
            assert step is None
        sys.setprofile(None)


def look(folder: Path) -> None:
    """Fail if anything of Ann is left, or anything of Bob is not."""
    assert holds_vector(folder, 0) == []
    assert holds(folder, NAME.encode()) == []
    assert len(find_generations(folder)) == 1
    assert len(open_generation(folder).videos) == 2
    with Collection.open_(folder) as collection, open_people(folder) as people:
        assert tracks_of(collection) == {"b1"}
        assert people.find_persons() == []
        assert {each.kind for each in collection.check()} == {"video missing"}


def main() -> None:
    """Kill at a step, do it again, look; then at a later one."""
    os.fsync = lambda _descriptor: None  # a killed process leaves to the system what it wrote
    folder, every = Path(sys.argv[1]), int(sys.argv[2])
    template, step = folder.with_name("template"), 1
    do(prepare, template)
    while True:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(template, folder)
        status = wait(fork(forget, folder, step))
        assert status in (0, 9), status
        do(forget, folder, None)
        do(look, folder)
        if status == 0:
            break
        step += every
    sys.stdout.write(f"{step} steps\n")
    assert step > 100


if __name__ == "__main__":
    main()
