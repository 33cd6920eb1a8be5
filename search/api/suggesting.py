"""Suggests filters for what was typed: colours, labels, measures, videos, words. Knows no HTTP.

Every filter that is suggested can be asked for as `where`, and finds at least one shot.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analyzers.error import ShotseekError
from indexer.generations.columns import LabelName, MeasureName
from indexer.generations.generation import Generation, Words
from indexer.generations.tokens import find_words
from search.engine import SearchEngine
from search.leaves.colour import VOCABULARY as COLOURS
from search.leaves.colour import ColourLeaf
from search.where import KEYS, WORDS, KnownNames, known_names, read_where
from search.wire import Suggestion

LOOKED_AT = 10_000  # values of a measure, occurrences of a word: enough to choose what to suggest
LONGEST = 100  # characters of a word
SPARE = 4  # times as many words are looked at as are asked for, as some may be in no shot


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter that finds something."""

    where: str
    name: str
    kind: str
    count: int

    def holds(self, wanted: str) -> bool:
        """Whether what was typed, casefolded, occurs in it."""
        return wanted in self.where.casefold()

    def rank(self, wanted: str) -> tuple[bool, int, str]:
        """What begins so comes first, then what is frequent."""
        return (not self.name.casefold().startswith(wanted), -self.count, self.name)


class Filters:
    """All filters of one generation but words, prepared once; safe to share between threads."""

    def __init__(self, engine: SearchEngine) -> None:
        generation = engine.generation
        known = known_names(generation)
        named = [*_labels(generation), *_measures(generation)]
        usable = {one.where: one for one in named if _can_be_asked(one.where, known)}
        self._filters = (*usable.values(), *_videos(engine))
        self._words = generation.words

    def suggest(self, text: str, limit: int) -> tuple[Suggestion, ...]:
        """At most so many filters that contain what was typed, the most frequent first.

        Words of the collection are suggested where one word was typed, or `read=` and its
        beginning; they get at least half of the places, if there are so many.
        """
        wanted = text.strip().casefold()
        found = [one for one in self._filters if one.holds(wanted)]
        found.sort(key=lambda one: one.rank(wanted))
        words = _find_words(self._words, text, limit)
        room = max(limit - len(found), (limit + 1) // 2)
        shown = [*found[: limit - len(words[:room])], *words[:room]]
        shown.sort(key=lambda one: one.rank(wanted))
        return tuple(
            Suggestion(where=one.where, name=one.name, kind=one.kind, count=one.count)
            for one in shown
        )


def _can_be_asked(where: str, known: KnownNames) -> bool:
    try:
        where.encode()
        read_where(where, known)
    except (UnicodeEncodeError, ShotseekError):
        return False
    return True


def _labels(generation: Generation) -> Iterator[Filter]:
    for label in generation.labels.names():
        if label.name != label.name.strip():
            continue  # spaces at the ends do not outlive `where`
        if label.vocabulary != COLOURS:
            yield Filter(f"label={label.full}", label.name, "label", label.shots)
        elif shots := _count_coloured(generation, label):
            yield Filter(f"colour={label.name}", label.name, "colour", shots)


def _count_coloured(generation: Generation, label: LabelName) -> int:
    """The shots that the filter for a colour finds: the label also tells of parts of pictures."""
    rows = generation.labels.rows_of(label.full)
    enough = rows.scores >= ColourLeaf.model_fields["min_area"].default
    has_colour = np.zeros(len(generation.shots), bool)
    has_colour[generation.rows.shot[rows.rows[enough]]] = True
    return int(has_colour.sum())


def _measures(generation: Generation) -> Iterator[Filter]:
    for measure in generation.measures.names():
        if measure.name in KEYS or measure.name in generation.labels:
            continue  # such a key means something else
        if measure.values and measure.name == measure.name.strip():
            yield _from_the_middle(generation, measure)


def _from_the_middle(generation: Generation, measure: MeasureName) -> Filter:
    """About the larger half of the values."""
    values = generation.measures.find(measure.name).values
    values = values[:: max(1, len(values) // LOOKED_AT)]
    middle = float(np.median(values))
    short = float(f"{middle:.3g}")
    bound = short if short <= values.max() else float(values.min())
    written = repr(bound).removesuffix(".0")
    return Filter(f"{measure.name}>={written}", measure.name, "measure", measure.values)


def _videos(engine: SearchEngine) -> Iterator[Filter]:
    videos = engine.generation.videos
    shots = np.diff(videos.first_shot).tolist()
    for uid, own, name, count in zip(videos.uid, videos.name, engine.names, shots, strict=True):
        if count:
            unique = name == own == own.strip() and own.isprintable() and own
            yield Filter(f"video={own if unique else uid}", name, "video", count)


def _find_words(words: Words, text: str, limit: int) -> list[Filter]:
    """The most frequent words that begin with what was typed; few are looked at closely."""
    key, is_one, rest = text.partition("=")
    kind = key.strip() if is_one and key.strip() in WORDS else None
    typed = find_words(rest if kind else text)
    if len(typed) != 1:
        return []
    found: list[Filter] = []
    for word, count in words.begin_with(typed[0], SPARE * limit):
        where = _word_filter(words, word, kind)
        if where is not None:
            found.append(Filter(where, where.partition("=")[2], "word", count))
        if len(found) == limit:
            break
    return found


def _word_filter(words: Words, word: str, kind: str | None) -> str | None:
    """`read=hotel`; None where no shot shows it, or only words of other kinds do."""
    if len(word) > LONGEST or find_words(word) != [word]:
        return None
    kinds, counts = words.documents.kinds, words.kinds_with(word, LOOKED_AT)
    if kind is not None:
        counts = counts * np.array([str(one) == kind for one in kinds], np.int64)
    best = int(counts.argmax()) if len(counts) else 0
    return f"{kinds[best]}={word}" if len(counts) and counts[best] else None
