"""The grammar of `--where KEY(=|!=|<|<=|>|>=)VALUE`: one filter in a word, as a node of a query.

Knows no collection beyond the names that occur in it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from pydantic import ValidationError

from analyzers.colours import NAMES as COLOURS
from search.comparison import Comparator
from search.error import AskedWrong
from search.joins.negation import Not
from search.leaves.action import ActionLeaf
from search.leaves.colour import ColourLeaf
from search.leaves.label import LabelLeaf
from search.leaves.metadata import MetadataLeaf
from search.leaves.person import PersonLeaf
from search.leaves.person_action import PersonActionLeaf
from search.leaves.words import WordsLeaf
from search.nearest import find_nearest
from search.query import AnyNode

if TYPE_CHECKING:
    from indexer.generations.generation import Generation

WORDS = ("read", "said", "subtitle", "title", "caption")
FACTS = ("video", "time", "duration", "date", "width", "height", "size")
PEOPLE = ("person", "action", "does")
KEYS = (*WORDS, *FACTS, *PEOPLE, "colour", "label")
LONGEST_NUMBER = 40  # characters
PRESENT = ("present", "yes", "true")

# Spaces are stripped afterwards: in the pattern they would take cubic time.
_WRITTEN = re.compile(r"(?P<key>[^=<>!]+)(?P<op>!=|<=|>=|=|<|>)(?P<value>.*)", re.S)
_TIME = re.compile(r"(?:(?:(?P<h>\d+):)?(?P<m>\d+):)?(?P<s>\d+(?:\.\d+)?)")
_SIZE = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[kmgt]?)b?")
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}


@dataclass(frozen=True)
class KnownNames:
    """What occurs in the collection that is asked."""

    labels: tuple[str, ...] = ()  # VOCABULARY/NAME
    measures: tuple[str, ...] = ()

    @property
    def vocabularies(self) -> frozenset[str]:
        """Of the labels, in small letters."""
        return frozenset(label.partition("/")[0].casefold() for label in self.labels)


def known_names(generation: "Generation") -> KnownNames:
    """The names of labels and measures that occur in a generation."""
    return KnownNames(
        tuple(label.full for label in generation.labels.names()),
        tuple(measure.name for measure in generation.measures.names()),
    )


def read_where(text: str, known: KnownNames, somebody: PersonLeaf | None = None) -> AnyNode:
    """One `--where` as a node.

    Args:
        text: KEY=VALUE, or another comparison.
        known: what occurs in the collection.
        somebody: who is meant where `does` names nobody.

    Raises:
        AskedWrong: it cannot be read, or its key is unknown; the message gives the nearest.
    """
    written = _WRITTEN.fullmatch(text)
    if written is None or not written["key"].strip():
        raise AskedWrong("where", "write KEY=VALUE, or != < <= > >= for the =", given=text)
    key, op, value = written["key"].strip(), written["op"], written["value"].strip()
    if not value:
        raise AskedWrong("where", f"a value is missing after {op}", given=text)
    try:
        node = _reader_of(key, known, somebody)(key, "=" if op == "!=" else op, value)
    except (ValidationError, ValueError) as error:
        reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else error
        said = str(reason).removeprefix("Value error, ")
        raise AskedWrong("where", said, given=text) from error
    return Not(child=node) if op == "!=" else node


def read_time(text: str) -> int:
    """Seconds (`90`, `1.5`) or `[h:]m:ss` to milliseconds.

    Raises:
        ValueError: it is written otherwise.
    """
    written = _TIME.fullmatch(text.strip())
    if written is None or len(text) > LONGEST_NUMBER:
        raise ValueError(f"a time is seconds or m:ss, such as 90 or 1:30, not {text!r}")
    hours, minutes = int(written["h"] or 0), int(written["m"] or 0)
    return (hours * 60 + minutes) * 60_000 + round(float(written["s"]) * 1000)


def _reader_of(
    key: str, known: KnownNames, somebody: PersonLeaf | None
) -> Callable[[str, str, str], AnyNode]:
    plain = {
        **dict.fromkeys(WORDS, _read_words),
        **dict.fromkeys(FACTS, _read_fact),
        "label": _read_label,
    }
    if key in plain:
        return plain[key]
    if key == "colour":
        return lambda key, op, value: _read_colour(op, value, known)
    if key in PEOPLE:
        return lambda key, op, value: _read_people(key, op, value, known, somebody)
    if key.casefold() in {label.casefold() for label in known.labels}:
        return _read_count
    if key in known.measures:
        return _read_measure
    if key.casefold() in known.vocabularies:
        return lambda key, op, value: _read_facet(key, op, value, known)
    names = [*KEYS, *sorted(known.vocabularies), *known.labels, *known.measures]
    near = find_nearest(key, names)
    said = f"there is no such key here; the nearest is {near}"
    raise AskedWrong("where", said, given=key)


def _read_words(key: str, op: str, value: str) -> AnyNode:
    _only_equal(key, op)
    return WordsLeaf.model_validate({"text": value, "where": key})


def _read_fact(key: str, op: str, value: str) -> AnyNode:
    return MetadataLeaf(field=key, op=_comparator(op), value=_FACT_READERS[key](value))


def _read_colour(op: str, value: str, known: KnownNames) -> AnyNode:
    _only_equal("colour", op)
    names = {*COLOURS, *(label[7:] for label in known.labels if label.startswith("colour/"))}
    folded = {name.casefold(): name for name in names}
    if value.casefold() not in folded:
        near = find_nearest(value, sorted(names))
        raise ValueError(f"there is no colour {value}; the nearest is {near}")
    return ColourLeaf(name=folded[value.casefold()])


def _read_label(key: str, op: str, value: str) -> AnyNode:
    _only_equal("label", op)
    return LabelLeaf(name=value)


def _read_facet(key: str, op: str, value: str, known: KnownNames) -> AnyNode:
    """`weather=fog`: a label of one vocabulary that occurs."""
    _only_equal(key, op)
    name = f"{key}/{value}".casefold()
    if name not in {label.casefold() for label in known.labels}:
        near = find_nearest(name, known.labels)
        raise ValueError(f"no shot has {key} {value}; the nearest is {near}")
    return LabelLeaf(name=f"{key}/{value}")


def _read_people(
    key: str, op: str, value: str, known: KnownNames, somebody: PersonLeaf | None
) -> AnyNode:
    """`person=NAME`, `action=NAME or words`, `does=PERSON: ACTION`, `does=: ACTION` of somebody."""
    _only_equal(key, op)
    if key == "person":
        return PersonLeaf(name=value)
    if key == "action":
        return _action_of(value, known)
    name, _, action = (part.strip() for part in value.partition(":"))
    person = PersonLeaf(name=name) if name else somebody
    if person is None or not action:
        raise ValueError(
            "write does=PERSON: ACTION, such as does=Ann: carrying a bag; PERSON may be left out "
            "where pictures of a face are given"
        )
    return PersonActionLeaf(person=person, action=_action_of(action, known))


def _action_of(value: str, known: KnownNames) -> ActionLeaf:
    """A listed action by its name, else what was written as words of one's own."""
    names = {label.casefold() for label in known.labels}
    names.update(name.rpartition("/")[2] for name in tuple(names))
    return ActionLeaf(name=value) if value.casefold() in names else ActionLeaf(text=value)


def _read_count(key: str, op: str, value: str) -> AnyNode:
    if op == "=" and value in PRESENT:
        return LabelLeaf(name=key)
    if not value.isdecimal():
        raise ValueError(f"a label is compared with a count, or is =present, not {value!r}")
    return LabelLeaf(name=key, op=_comparator(op), count=int(value))


def _read_measure(key: str, op: str, value: str) -> AnyNode:
    return MetadataLeaf(field=key, op=_comparator(op), value=_read_number(value))


def _read_number(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise ValueError(f"it is compared with a number, not {value!r}") from None


def _read_size(value: str) -> float:
    written = _SIZE.fullmatch(value.lower())
    if written is None or len(value) > LONGEST_NUMBER:
        raise ValueError(f"a size is bytes, or such as 500kB or 2.5GB, not {value!r}")
    return round(float(written["number"]) * _UNITS[written["unit"]])


def _only_equal(key: str, op: str) -> None:
    if op != "=":
        raise ValueError(f"{key} takes = and != only, not {op}")


def _comparator(op: str) -> Comparator:
    return next(known for known in get_args(Comparator) if known == op)


_FACT_READERS: dict[str, Callable[[str], int | float | str]] = {
    "video": str,
    "date": str,
    "time": read_time,
    "duration": read_time,
    "width": _read_number,
    "height": _read_number,
    "size": _read_size,
}
