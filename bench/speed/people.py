"""Times searches for persons and for what they do, among a million face tracks.

An example face is its vector: what networks take to find and encode it in a picture comes on top.
"""

import base64
import io
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analyzers.encoder import Space
from analyzers.face_reading import ReadFaces
from bench.origin import Origin, find_origin
from bench.speed.people_files import (
    ACTIONS,
    PERSONS,
    SPREAD,
    PeoplePlan,
    keep_people,
    to_unit,
)
from bench.speed.race import Entrant, Timing, race

if TYPE_CHECKING:
    from search.engine import SearchEngine

KNOWN, UNSEEN = "known person", "unseen face"
GOALS_MS = {KNOWN: 300.0, UNSEEN: 500.0}  # p95
EXAMPLES = 3  # pictures of an unseen face

Person = Callable[[int], dict[str, object]]


@dataclass(frozen=True)
class PeopleTimes:
    """What was measured."""

    plan: PeoplePlan
    counts: dict[str, int]
    timings: tuple[Timing, ...]
    goals_ms: dict[str, float]
    origin: Origin

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def measure_people_speed(
    folder: Path, plan: PeoplePlan, rounds: int, tell: Callable[[str], None]
) -> PeopleTimes:
    """Ask for known persons and unseen faces, alone and doing something, in turns.

    Args:
        folder: where search files are kept for the next time.
        plan: how large.
        rounds: how often each question is asked, each time of somebody else.
        tell: hears what is being done.
    """
    from indexer.generations.opening import open_generation
    from search.encoders import Encoders
    from search.engine import SearchEngine

    origin, place = find_origin(), keep_people(folder, plan, tell)
    generation, reader = open_generation(place), DrawnFaces(plan)
    encoders = Encoders(faces={plan.space.name: reader})
    asking = _Asking(SearchEngine(generation, encoders), reader)
    counts = {
        "shots": len(generation.shots),
        "face_tracks": len(generation.tracks),
        "boxes_of_faces": len(generation.tracks.boxes_of("face")),
        "boxes_of_actions": sum(len(generation.boxed_labels(f"made/{each}")) for each in ACTIONS),
    }
    return PeopleTimes(plan, counts, race(asking.entrants(), rounds), GOALS_MS, origin)


class DrawnFaces:
    """Reads every picture as a face of the person whose turn it is."""

    def __init__(self, plan: PeoplePlan) -> None:
        self.space: Space = plan.space
        self.turn = 0
        self._persons = plan.draw_persons()

    def read_faces(self, pictures: Sequence[NDArray[np.uint8]]) -> list[ReadFaces]:
        """One face in each."""
        chance = np.random.default_rng([5, self.turn])
        noise = chance.standard_normal((len(pictures), self.space.dim))
        vectors = to_unit(self._persons[self.turn] + np.float32(SPREAD) * to_unit(noise))
        box: NDArray[np.float32] = np.array([[0, 0, 1, 1]], np.float32)
        return [ReadFaces(box, vector[None]) for vector in vectors]


class _Asking:
    """Asks for persons and actions in turn, the most frequent first."""

    def __init__(self, engine: "SearchEngine", reader: DrawnFaces) -> None:
        self._engine, self._reader = engine, reader
        self._picture = _draw_picture()

    def entrants(self) -> tuple[Entrant, ...]:
        """Known and unseen, alone and doing something."""
        return tuple(
            Entrant(name, how, self._asker(person, does=how == "does it"))
            for name, person in ((KNOWN, self._known), (UNSEEN, self._unseen))
            for how in ("is seen", "does it")
        )

    def _known(self, number: int) -> dict[str, object]:
        return {"kind": "person", "name": f"p{number % PERSONS}"}

    def _unseen(self, number: int) -> dict[str, object]:
        self._reader.turn = number % PERSONS
        return {"kind": "person", "pictures": [self._picture] * EXAMPLES}

    def _asker(self, person: Person, *, does: bool) -> Callable[[int], object]:
        from search.query import Query

        def ask(number: int) -> object:
            root = person(number)
            if does:
                action = {"name": f"made/{ACTIONS[number % len(ACTIONS)]}"}
                root = {"kind": "person_action", "person": root, "action": action}
            return self._engine.search(Query.model_validate({"root": root}))

        return ask


def _draw_picture() -> str:
    """Any picture, in base64."""
    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()
