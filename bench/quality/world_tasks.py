"""Tasks of the made world: known items by text and picture, pairs in time, and ad-hoc topics.

Made from truth alone, by seeded chance. Knows no engine and no metric.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bench.evaluate.hits import Goal, Span
from bench.quality.task import Task
from bench.world.dice import Dice
from bench.world.truth import SeenThing, ShotTruth, Truth
from search.joins.then import Then
from search.leaves.text import TextLeaf
from search.query import Query

CAPTIONS = ("expert", "novice", "terse")
LEAST_MS = 1000  # shorter shots are no targets
PAIR_WITHIN = 3  # shots from the first of a pair to the second
FEWEST, MOST = 3, 80  # right answers of an ad-hoc topic
WHERE = MappingProxyType(
    {
        "beach": "on the beach", "forest": "in the forest", "street": "on the street",
        "park": "in the park", "mountain": "in the mountains", "farm": "on a farm",
        "harbour": "at the harbour", "playground": "on a playground", "desert": "in the desert",
        "market": "at the market", "office": "in an office",
    }
)  # fmt: skip
LEAST_VISIBLE, LEAST_AREA = 0.5, 0.004  # of a thing that an ad-hoc topic asks for


@dataclass(frozen=True)
class Target:
    """A shot that can be looked for, with the film's shots in order to which it belongs."""

    film: Truth
    number: int  # of the shot in the film

    @property
    def shot(self) -> ShotTruth:
        """The shot itself."""
        return self.film.shots[self.number]

    @property
    def name(self) -> str:
        """As truth names it: "video/shot"."""
        return f"{self.film.id}/{self.shot.id}"

    @property
    def span(self) -> Span:
        """Where it lies."""
        return Span(self.film.id, self.shot.start_ms, self.shot.end_ms)


class WorldTasks:
    """The tasks of some films."""

    def __init__(
        self, films: Sequence[Truth], seed: int, equals: Mapping[str, tuple[str, ...]] | None = None
    ) -> None:
        """Collect the shots that can be looked for.

        Args:
            films: their truths.
            seed: of the chance by which targets are drawn.
            equals: further shots, as "video/shot", that are as right as a target.
        """
        self._films, self._seed, self._equals = films, seed, equals or {}
        everyone = [Target(film, n) for film in films for n in range(len(film.shots))]
        self._spans = {target.name: target.span for target in everyone}
        self._targets = [target for target in everyone if _can_be_sought(target.shot)]

    def known_by_text(self, count: int, caption: str) -> list[Task]:
        """Known items, asked for by one kind of caption."""
        return [
            Task(
                f"{target.name}:{caption}",
                f"tkis/{caption}",
                _ask(_caption(target.shot, caption)),
                self._right(target),
                _caption(target.shot, caption),
            )
            for target in self._draw(count, "tkis")
        ]

    def pairs(self, count: int, caption: str = "novice") -> list[tuple[Task, Task]]:
        """Known items that another shot soon follows: asked for alone, and by `then`."""
        found = []
        for target in self._draw(len(self._targets), "temporal"):
            later = self._later(target)
            if later is None:
                continue
            first, second = _caption(target.shot, caption), _caption(later, caption)
            stages = (TextLeaf(text=first), TextLeaf(text=second))
            right, name = self._right(target), target.name
            alone = Task(f"{name}:single", "temporal/single", _ask(first), right, first)
            both = Query(root=Then(stages=stages, within_shots=PAIR_WITHIN))
            text = f"{first} > {second}"
            found.append((alone, Task(f"{name}:then", "temporal/then", both, right, text)))
            if len(found) == count:
                break
        return found

    def pictured(self, count: int) -> list[tuple[Target, int]]:
        """Known items to be asked for by a picture: each with the time in its film, in ms."""
        dice = Dice("vkis times", self._seed)
        return [
            (target, round(_middle(target.shot, dice.between(0.2, 0.8))))
            for target in self._draw(count, "vkis")
        ]

    def by_picture(self, target: Target, query: Query) -> Task:
        """A known item asked for by a picture of it."""
        return Task(f"{target.name}:picture", "vkis", query, self._right(target), "(a picture)")

    def topics(self, count: int) -> list[Task]:
        """Ad-hoc topics: a few words for which several shots are right."""
        right: dict[str, list[Span]] = {}
        for target in self._targets:
            for topic in sorted(set(find_topics(target.shot))):
                right.setdefault(topic, []).append(target.span)
        fitting = [topic for topic in sorted(right) if FEWEST <= len(right[topic]) <= MOST]
        chosen = Dice("avs", self._seed).sample(fitting, count)
        return [
            Task(f"avs:{t}", "avs", _ask(t), tuple(Goal((span,)) for span in right[t]), t)
            for t in chosen
        ]

    def _draw(self, count: int, purpose: str) -> list[Target]:
        return Dice(purpose, self._seed).sample(self._targets, count)

    def _right(self, target: Target) -> tuple[Goal, ...]:
        """The target, or what truth calls its duplicates."""
        names = dict.fromkeys((target.name, *target.shot.duplicates))
        names |= dict.fromkeys(self._equals.get(target.name, ()))
        return (Goal(tuple(self._spans[name] for name in names if name in self._spans)),)

    def _later(self, target: Target) -> ShotTruth | None:
        """One of the next shots that can be told from the target."""
        following = target.film.shots[target.number + 1 : target.number + 1 + PAIR_WITHIN]
        fitting = [shot for shot in following if _can_be_sought(shot)]
        fitting = [shot for shot in fitting if f"{target.film.id}/{shot.id}" not in
                   target.shot.duplicates]  # fmt: skip
        return Dice("later", self._seed, target.name).choose(fitting) if fitting else None


def find_topics(shot: ShotTruth) -> Iterable[str]:
    """Ad-hoc topics that are true of a shot, in the words a person would type."""
    place = WHERE.get(shot.place, f"in a {shot.place}")
    for thing in shot.things:
        if _is_plain(thing):
            article = "an" if thing.colour[0] in "aeiou" else "a"
            yield f"{article} {thing.colour} {thing.kind}"
            article = "an" if thing.kind[0] in "aeiou" else "a"
            yield f"{article} {thing.kind} {place}"
    for done in shot.actions:
        if done.action not in ("standing", "walking"):
            who = "two people" if done.partner else "a person"
            yield f"{who} {done.phrase} {place}"
    if shot.season is not None and shot.time is not None:
        yield f"{shot.place} in {shot.season}, {shot.time}"


def _is_plain(thing: SeenThing) -> bool:
    """Whether nobody would doubt that it is to be seen."""
    return any(
        visible >= LEAST_VISIBLE and (x1 - x0) * (y1 - y0) >= LEAST_AREA
        for visible, (x0, y0, x1, y1) in zip(thing.track.visible, thing.track.boxes, strict=True)
    )


def _can_be_sought(shot: ShotTruth) -> bool:
    long = shot.end_ms - shot.start_ms >= LEAST_MS
    return long and shot.captions is not None and not shot.is_title


def _caption(shot: ShotTruth, kind: str) -> str:
    assert shot.captions is not None, "only shots with captions are sought"
    return str(getattr(shot.captions, kind))


def _middle(shot: ShotTruth, share: float) -> float:
    return shot.start_ms + share * (shot.end_ms - shot.start_ms)


def _ask(text: str) -> Query:
    return Query(root=TextLeaf(text=text))
