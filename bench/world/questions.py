"""About twenty questions on a film, with their answers and the intervals that prove them.

A fifth has no answer: they ask after something that the film does not tell, in the same words.
Answers are computed from facts by the very forms that word the questions. What is asked has the
same answer and proof from what is clearly seen as from all of which the least bit is seen. Knows
nothing of how well anything answers.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bench.world.dice import Dice
from bench.world.questions_facts import FilmFacts, add_glimpses, gather_facts
from bench.world.questions_form import Form, Found, Material, Terms
from bench.world.questions_when import FORMS as WHEN_FORMS
from bench.world.questions_who import FORMS as WHO_FORMS
from bench.world.questions_who import YES_NO
from bench.world.questions_words import Wording
from bench.world.truth import Question, Truth

FORMS = (*WHO_FORMS, *WHEN_FORMS)
KINDS = ("who", "what", "where", "when", "how many", "before/after", "yes/no")
COUNT = 20
UNANSWERED = 4  # of COUNT
MOST_TERMS = 60  # that are tried for a form
MOST_PROOFS = 12
HARD_CHANCE = 0.8  # that a question is one that a single shot does not answer, if there is one


@dataclass(frozen=True)
class Asked:
    """A question with the form and terms it was made from."""

    form: Form
    terms: Terms
    question: Question


@dataclass(frozen=True)
class _Film:
    """What may be asked of a film, and all that an answer must not contradict."""

    material: Material
    glimpsed: FilmFacts
    words: Wording


def ask_questions(truth: Truth, dice: Dice) -> Truth:
    """The truth with questions filled in."""
    asked = plan_questions(truth, gather_facts(truth), dice)
    return replace(truth, questions=tuple(each.question for each in asked))


def plan_questions(truth: Truth, facts: FilmFacts, dice: Dice) -> tuple[Asked, ...]:
    """The questions of a film, in a chance order, no two alike.

    Fewer than `COUNT` where a film tells too little.
    """
    film = _Film(Material(facts), add_glimpses(facts, truth), Wording(facts))
    is_open = dice.shuffle([at < UNANSWERED for at in range(COUNT)])
    yes_no = dice.shuffle(YES_NO)  # as many of one as of the other
    planned: dict[str, Asked] = {}
    for at in range(COUNT):
        kind, turn = KINDS[at % len(KINDS)], at // len(KINDS)
        wanted = yes_no[turn % 2] if kind == "yes/no" and not is_open[at] else None
        made = _plan(kind, film, dice.split(at), is_open=is_open[at], wanted=wanted)
        fresh = next((asked for asked in made if asked.question.text not in planned), None)
        if fresh:
            planned[fresh.question.text] = fresh
    asked = dice.split("order").shuffle(list(planned.values()))
    return tuple(
        replace(each, question=replace(each.question, id=f"{truth.id}-q{at:02}"))
        for at, each in enumerate(asked)
    )


def _plan(
    kind: str, film: _Film, dice: Dice, *, is_open: bool, wanted: str | None
) -> Iterator[Asked]:
    """Questions of a kind, the one to be preferred first: those with the wanted answer."""
    forms = dice.shuffle([form for form in FORMS if form.kind == kind])
    for only in dict.fromkeys((wanted, None)):
        for form in forms:
            made = _make(form, film, dice.split(form.name), is_open=is_open, only=only)
            if made is not None:
                yield _ask(form, made, form.word(film.words, made[0]), film.material.facts)


def _make(
    form: Form, film: _Film, dice: Dice, *, is_open: bool, only: str | None
) -> tuple[Terms, Found] | None:
    """Terms with a clear answer, or clearly without; answers are equally likely, not terms."""
    by_answer: dict[str | None, list[tuple[Terms, Found]]] = defaultdict(list)
    facts = film.material.facts
    for terms in dice.sample(list(form.list_terms(film.material)), MOST_TERMS):
        found = form.answer(facts, terms)
        is_wanted = (found.answer is None) == is_open and only in (None, found.answer)
        if found.is_clear and is_wanted and form.answer(film.glimpsed, terms) == found:
            by_answer[found.answer].append((terms, found))
    if not by_answer:
        return None
    if not is_open and dice.happens(HARD_CHANCE):
        by_answer = _keep_hard(form, facts, by_answer) or by_answer
    return dice.choose(by_answer[dice.choose(sorted(by_answer, key=str))])


def _keep_hard(
    form: Form, facts: FilmFacts, by_answer: Mapping[str | None, list[tuple[Terms, Found]]]
) -> dict[str | None, list[tuple[Terms, Found]]]:
    """Those that one look does not answer: the first is unlike the last, the number is not one."""
    hard = {
        answer: [(terms, found) for terms, found in made if _is_hard(form, facts, terms, answer)]
        for answer, made in by_answer.items()
    }
    return {answer: made for answer, made in hard.items() if made}


def _is_hard(form: Form, facts: FilmFacts, terms: Terms, answer: str | None) -> bool:
    swaps = {"first": "last", "last": "first"}
    swapped = tuple(swaps.get(term, term) if isinstance(term, str) else term for term in terms)
    if swapped == terms:
        return answer != "1"
    return form.answer(facts, swapped).answer not in (None, answer)


def _ask(form: Form, made: tuple[Terms, Found], text: str, facts: FilmFacts) -> Asked:
    terms, found = made
    question = Question(
        "",
        form.kind,
        text,
        found.answer,
        form.choices(facts, terms),
        found.evidence[:MOST_PROOFS],
        form.uses,
    )
    return Asked(form, terms, question)
