"""How far single cues go in finding captioned shots and answering questions, beside all cues.

Everything is computed on truth: no picture is looked at. Knows nothing of the product.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bench.world.captions import KINDS, state_facts
from bench.world.describing import Sight, see_shot
from bench.world.dice import Dice
from bench.world.likeness import find_duplicates
from bench.world.questions import Asked, plan_questions
from bench.world.questions_facts import Deed, FilmFacts, gather_facts, keep_shot, keep_words
from bench.world.stated import CaptionFacts
from bench.world.truth import Truth

FloatArray: TypeAlias = NDArray[np.float32]
# The attributes that each cue may use, by how they begin.
CUES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "all": ("",),
        "place": ("place:", "outdoors", "indoors"),
        "season and time": ("season:", "time:"),
        "colours": ("colour:", "top colour:", "bottom colour:", "hat colour:", "with colour:"),
        "things": ("thing", "kind:", "group:", "count:", "size:", "with:"),
        "actions": ("action:", "with:", "partner"),
        "persons": (
            "person", "man", "woman", "boy", "girl", "adult", "child", "hair", "hat", "glasses",
            "beard:", "top:", "top colour:", "bottom", "persons:",
        ),
        "words": ("sign:",),
        "framing": ("shot size:", "move:", "side:", "view:", "split", "fast motion"),
    }
)  # fmt: skip


@dataclass(frozen=True)
class CaptionFigure:
    """How many of the shots a cue brings to the first ten, from their captions."""

    captions: str  # terse, novice, expert
    cue: str
    n: int
    recall_at_10: float


@dataclass(frozen=True)
class QuestionFigure:
    """How many questions a cue answers as truth does."""

    cue: str  # all, prior, subtitles, single shot
    kind: str  # of question, or "all"
    n: int
    accuracy: float


@dataclass(frozen=True)
class OneCueFigures:
    """What single cues reach, beside all of them."""

    shots: int
    captions: tuple[CaptionFigure, ...]
    questions: tuple[QuestionFigure, ...]

    def to_json(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self), indent=1)


def measure_words(truths: Sequence[Truth]) -> OneCueFigures:
    """Rank these films' shots by their captions' facts and answer their questions, cue by cue."""
    return OneCueFigures(
        sum(not shot.is_title for truth in truths for shot in truth.shots),
        measure_captions(truths),
        measure_questions(truths),
    )


def measure_captions(truths: Sequence[Truth]) -> tuple[CaptionFigure, ...]:
    """Recall at ten of each kind of caption by each cue; an equal of the shot counts as it."""
    told = [(truth, shot) for truth in truths for shot in truth.shots if not shot.is_title]
    sights = [see_shot(truth, shot) for truth, shot in told]
    at = {f"{truth.id}/{shot.id}": place for place, (truth, shot) in enumerate(told)}
    duplicates = find_duplicates(truths)
    right = [
        [place, *(at[name] for name in duplicates.get(shot, ()) if name in at)]
        for shot, place in at.items()
    ]
    figures = []
    for kind in KINDS:
        facts = [state_facts(truth, shot, kind) for truth, shot in told]
        for cue, prefixes in CUES.items():
            scores = score_shots([keep_facts(each, prefixes) for each in facts], sights)
            found = _find_in_ten(scores, right)
            figures.append(CaptionFigure(kind, cue, len(facts), round(float(found.mean()), 4)))
    return tuple(figures)


def score_shots(facts: Sequence[CaptionFacts], sights: Sequence[Sight]) -> FloatArray:
    """How many stated facts hold of each shot, as `stated.match_facts` counts them.

    Returns:
        (captions, shots).
    """
    names = {name for each in facts for name in _list_names(each)}
    columns = {name: at for at, name in enumerate(sorted(names))}
    frame = _mark([each.frame for each in facts], columns)
    total = frame @ _mark([sight.attributes for sight in sights], columns).T
    persons = [[person.attributes for person in sight.persons] for sight in sights]
    things = [[thing.attributes for thing in sight.things] for sight in sights]
    _add_best(total, [each.persons for each in facts], persons, columns)
    _add_best(total, [each.things for each in facts], things, columns)
    return total


def _list_names(facts: CaptionFacts) -> Iterable[str]:
    yield from facts.frame
    for group in (*facts.things, *facts.persons):
        yield from group


def _mark(rows: Sequence[Iterable[str]], columns: Mapping[str, int]) -> FloatArray:
    marks = np.zeros((len(rows), max(1, len(columns))), np.float32)
    for at, row in enumerate(rows):
        marks[at, [columns[name] for name in row if name in columns]] = 1
    return marks


def _add_best(
    total: FloatArray,
    stated: Sequence[Sequence[Iterable[str]]],
    known: Sequence[Sequence[Iterable[str]]],
    columns: Mapping[str, int],
) -> None:
    """Add, of all that is stated together, what holds of the shot's one that it fits best."""
    owners = np.array([at for at, groups in enumerate(stated) for _ in groups], np.intp)
    if not len(owners):
        return
    asked = _mark([group for groups in stated for group in groups], columns)
    # An empty one at the end of each shot, so that each has at least one.
    starts = np.cumsum([0, *(len(groups) + 1 for groups in known)])[:-1]
    shown = _mark([group for groups in known for group in (*groups, ())], columns)
    best = np.maximum.reduceat(asked @ shown.T, starts, axis=1)
    np.add.at(total, owners, best)


def keep_facts(facts: CaptionFacts, prefixes: tuple[str, ...]) -> CaptionFacts:
    """Only those facts that begin with one of these, as "place:"."""

    def keep(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in names if name.startswith(prefixes))

    return CaptionFacts(
        keep(facts.frame), tuple(map(keep, facts.things)), tuple(map(keep, facts.persons))
    )


def _find_in_ten(scores: FloatArray, right: Sequence[Sequence[int]]) -> NDArray[np.bool_]:
    """Whether a right shot is among the ten best; equal scores come in a chance order."""
    order = np.array(Dice("ties", scores.shape[1]).shuffle(range(scores.shape[1])))
    shuffled = scores[:, order]
    ten = order[np.argsort(-shuffled, axis=1, kind="stable")[:, :10]]
    return np.array(
        [bool({*row} & {*shots}) for row, shots in zip(ten.tolist(), right, strict=True)]
    )


# Questions

Answers: TypeAlias = tuple[str | None, ...]


def measure_questions(truths: Sequence[Truth]) -> tuple[QuestionFigure, ...]:
    """Accuracy by kind of question: of all facts, the likeliest answer, what is said, one shot.

    The likeliest answer is that of the same form of question in these very films, so that it is
    more than any could know. What a cue does not answer gets it too.
    """
    films = []
    for truth in truths:
        facts = gather_facts(truth)
        films.append((truth, facts, plan_questions(truth, facts, Dice("questions", truth.id))))
    prior = _find_prior([each for _, _, asked in films for each in asked])
    cues: dict[str, Callable[[Truth, FilmFacts, Sequence[Asked]], Answers]] = {
        "all": lambda truth, facts, asked: _answer(asked, facts),
        "prior": lambda truth, facts, asked: tuple(prior[each.form.name] for each in asked),
        "subtitles": lambda truth, facts, asked: _fill(asked, keep_words(facts), prior),
        "single shot": lambda truth, facts, asked: _look_once(truth, facts, asked, prior),
    }
    figures = []
    for cue, answer in cues.items():
        marks: dict[str, list[bool]] = defaultdict(list)
        for truth, facts, asked in films:
            for each, given in zip(asked, answer(truth, facts, asked), strict=True):
                marks[each.question.kind].append(given == each.question.answer)
        marks["all"] = [mark for kind in marks.values() for mark in kind]
        figures += [
            QuestionFigure(cue, kind, len(found), round(sum(found) / max(1, len(found)), 4))
            for kind, found in sorted(marks.items())
        ]
    return tuple(figures)


def _find_prior(asked: Sequence[Asked]) -> dict[str, str | None]:
    counts: dict[str, Counter[str | None]] = defaultdict(Counter)
    for each in asked:
        counts[each.form.name][each.question.answer] += 1
    return {form: found.most_common(1)[0][0] for form, found in counts.items()}


def _answer(asked: Sequence[Asked], facts: FilmFacts) -> Answers:
    return tuple(each.form.answer(facts, each.terms).answer for each in asked)


def _fill(asked: Sequence[Asked], facts: FilmFacts, prior: Mapping[str, str | None]) -> Answers:
    """Answers where the facts have one, else the likeliest."""
    found = _answer(asked, facts)
    return tuple(
        prior[each.form.name] if answer is None else answer
        for each, answer in zip(asked, found, strict=True)
    )


def _look_once(
    truth: Truth, facts: FilmFacts, asked: Sequence[Asked], prior: Mapping[str, str | None]
) -> Answers:
    """Each question answered from the one shot that holds most of what it names.

    Where several hold as much, one of them by chance: no order is known. Where none holds what the
    question presumes, there is no answer.
    """
    shots = [shot for shot in truth.shots if not shot.is_title]
    order = Dice("look once", truth.id).shuffle(range(len(shots)))
    views = [keep_shot(facts, shots[at]) for at in order]
    answers = []
    for each in asked:
        best = max(views, key=lambda view: _count_named(each, view))
        found = each.form.answer(best, each.terms)
        answers.append(found.answer if found.is_clear else prior[each.form.name])
    return tuple(answers)


def _count_named(asked: Asked, view: FilmFacts) -> int:
    people = {seen.person for seen in view.presences}
    known = people | {seen.place for seen in view.presences} | {cue.text for cue in view.cues}
    named = 0
    for term in asked.terms:
        if isinstance(term, Deed):
            named += 3 * bool(view.find(term)) + (term.actor in people)
        else:
            named += term in known
    return named
