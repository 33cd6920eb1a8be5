"""Which shots are as right as one another: those of which the same things can be said.

Near-duplicates that truth already knows count too, both ways and on through others. Knows nothing
of pictures.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping

from bench.world.describing import Sight, see_shot
from bench.world.truth import Truth


def find_duplicates(truths: Iterable[Truth]) -> Mapping[str, tuple[str, ...]]:
    """The equals of each shot, both as "video/shot"; shots without an equal and titles left out."""
    alike: dict[Hashable, list[str]] = defaultdict(list)
    groups = _Groups()
    for truth in truths:
        for shot in truth.shots:
            if shot.is_title:
                continue
            name = f"{truth.id}/{shot.id}"
            alike[_sum_up(see_shot(truth, shot))].append(name)
            for other in shot.duplicates:
                groups.join(name, other)
    for names in alike.values():
        for name in names[1:]:
            groups.join(names[0], name)
    return groups.list_others()


def _sum_up(sight: Sight) -> Hashable:
    things = sorted(tuple(sorted(thing.attributes)) for thing in sight.things)
    persons = sorted(tuple(sorted(person.attributes)) for person in sight.persons)
    return (sight.attributes, tuple(things), tuple(persons))


class _Groups:
    """Names joined into groups."""

    def __init__(self) -> None:
        self._group_of: dict[str, list[str]] = {}

    def join(self, one: str, other: str) -> None:
        first = self._group_of.setdefault(one, [one])
        second = self._group_of.setdefault(other, [other])
        if first is second:
            return
        first += second
        for name in second:
            self._group_of[name] = first

    def list_others(self) -> dict[str, tuple[str, ...]]:
        return {
            name: tuple(sorted(other for other in group if other != name))
            for name, group in self._group_of.items()
        }
