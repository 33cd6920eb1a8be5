import re
from collections import Counter
from dataclasses import replace

import pytest

from bench.world.describing import SYMMETRIC
from bench.world.dice import Dice
from bench.world.questions import KINDS, Asked, ask_questions, plan_questions
from bench.world.questions_facts import (
    Deed,
    FilmFacts,
    add_glimpses,
    gather_facts,
    keep_shot,
    keep_words,
)
from bench.world.truth import DoneAction, Question, SeenPerson, ShotTruth, Truth
from bench.world.words import ONE_WAY
from tests.bench.world.made_truths import SHOT_MS, make_track, make_truth

FILMS = 12


@pytest.fixture(scope="module")
def truths() -> list[Truth]:
    return [make_truth(number, scenes=8) for number in range(FILMS)]


@pytest.fixture(scope="module")
def asked(truths: list[Truth]) -> list[tuple[Truth, Asked]]:
    return [
        (truth, each)
        for truth in truths
        for each in plan_questions(truth, gather_facts(truth), Dice("questions", truth.id))
    ]


@pytest.fixture(scope="module")
def questions(asked: list[tuple[Truth, Asked]]) -> list[Question]:
    return [each.question for _, each in asked]


def list_starts(truth: Truth, deed: Deed) -> list[tuple[int, int]]:
    """By plain loops over all of truth: when the deed is seen, gaps under five seconds closed."""
    spans = [span for shot in truth.shots for span in list_spans(shot, deed)]
    joined: list[tuple[tuple[str, ...], int, int]] = []
    for what, start, end in sorted(spans, key=lambda span: span[1]):
        same = [known for known in joined if known[0] == what and start - known[2] < 5000]
        if same:
            joined.remove(same[0])
            joined.append((what, same[0][1], max(same[0][2], end)))
        else:
            joined.append((what, start, end))
    return sorted((start, end) for _, start, end in joined)


def list_spans(shot: ShotTruth, deed: Deed) -> list[tuple[tuple[str, ...], int, int]]:
    people = {one.person for one in shot.persons}
    things = {thing.id: (thing.kind, thing.colour) for thing in shot.things}
    spans: list[tuple[tuple[str, ...], int, int]] = []
    for done in shot.actions:
        ends = [(done.actor, done.partner)]
        if done.action in SYMMETRIC and done.partner:
            ends.append((done.partner, done.actor))
        for actor, partner in ends:
            other = partner if partner in people else ""
            kind, colour = things.get(done.thing or "", ("", ""))
            known = (actor, done.action, other if deed.partner else "", kind if deed.thing else "")
            if actor in people and known == (deed.actor, deed.action, deed.partner, deed.thing):
                spans.append(((other or "", kind, colour), done.start_ms, done.end_ms))
    return spans


def test_a_film_gets_twenty_questions_of_all_kinds(truths: list[Truth]) -> None:
    for truth in truths:
        told = ask_questions(truth, Dice("questions", truth.id)).questions
        assert 18 <= len(told) <= 20
        assert {question.kind for question in told} == set(KINDS)
        assert len({question.text for question in told}) == len(told)
        assert len({question.id for question in told}) == len(told)


def test_a_fifth_has_no_answer_in_every_kind(questions: list[Question]) -> None:
    without = [question.answer is None for question in questions]
    assert 0.15 <= sum(without) / len(without) <= 0.25
    open_kinds = {question.kind for question in questions if question.answer is None}
    assert open_kinds == set(KINDS)


def test_unanswered_questions_are_worded_like_answered_ones(
    asked: list[tuple[Truth, Asked]],
) -> None:
    answered = {each.form.name for _, each in asked if each.question.answer is not None}
    assert {each.form.name for _, each in asked} == answered


def test_only_answers_have_evidence_and_it_lies_in_the_film(
    asked: list[tuple[Truth, Asked]],
) -> None:
    for truth, each in asked:
        question = each.question
        assert bool(question.evidence) == (question.answer is not None)
        for start, end in question.evidence:
            assert 0 <= start < end <= truth.length_ms


def test_closed_questions_have_the_answer_among_their_choices(questions: list[Question]) -> None:
    for question in questions:
        if question.choices and question.answer is not None:
            assert question.answer in question.choices
        if question.kind in ("yes/no", "where", "when"):
            assert question.choices


def test_yes_is_as_likely_as_no(questions: list[Question]) -> None:
    counts = Counter(question.answer for question in questions if question.kind == "yes/no")
    assert abs(counts["yes"] - counts["no"]) <= 0.35 * (counts["yes"] + counts["no"])


@pytest.mark.parametrize("kind", ["who", "what", "where", "before/after"])
def test_no_answer_is_right_more_often_than_a_third(questions: list[Question], kind: str) -> None:
    counts = Counter(question.answer for question in questions if question.kind == kind)
    assert counts.most_common(1)[0][1] <= 0.35 * counts.total()


def test_questions_are_english_sentences(questions: list[Question]) -> None:
    for question in questions:
        assert re.fullmatch(r"[A-Z][^{}]*\?", question.text), question.text
        assert not re.search(r"  | \?|None|\bto to\b|with with", question.text), question.text
        for article, letter in re.findall(r"\b(an?) (\w)", question.text):
            assert (article == "an") == (letter in "aeiou"), question.text
        assert not re.search(r"[Dd]oes [A-Z]\w+ \w+s (a|an|the|with)\b", question.text)


def test_the_same_dice_ask_the_same(truths: list[Truth]) -> None:
    first, again, other = (ask_questions(truths[0], Dice(seed)) for seed in (1, 1, 2))
    assert first == again
    assert first.questions != other.questions


def test_counts_are_those_of_a_plain_count(asked: list[tuple[Truth, Asked]]) -> None:
    checked = 0
    for truth, each in asked:
        if each.form.name == "times":
            (deed,) = each.terms
            assert isinstance(deed, Deed)
            assert each.question.answer == str(len(list_starts(truth, deed))), each.question
            checked += 1
    assert checked >= 5


def test_order_and_number_compare_as_in_a_plain_list(asked: list[tuple[Truth, Asked]]) -> None:
    checked = 0
    for truth, each in asked:
        if each.form.name == "before" and each.question.answer:
            deeds = [deed for deed in each.terms if isinstance(deed, Deed)]
            one, other = (list_starts(truth, deed)[0] for deed in deeds)
            assert each.question.answer == ("yes" if one < other else "no"), each.question
            checked += 1
        if each.form.name == "more often" and each.question.answer:
            a, b, action = map(str, each.terms)
            ours, theirs = (len(list_starts(truth, Deed(who, action))) for who in (a, b))
            assert each.question.answer == ("yes" if ours > theirs else "no"), each.question
            checked += 1
    assert checked >= 5


def test_what_comes_beside_a_deed_is_next_in_a_plain_list(
    asked: list[tuple[Truth, Asked]],
) -> None:
    checked = 0
    for truth, each in asked:
        if each.form.kind == "before/after" and each.form.name == "deed" and each.question.answer:
            deed, side, order = each.terms
            assert isinstance(deed, Deed)
            here = list_starts(truth, deed)[0 if order == "first" else -1]
            others = {
                span
                for action in {done.action for shot in truth.shots for done in shot.actions}
                if action != "standing"
                for span in list_starts(truth, Deed(deed.actor, action))
            }
            told = each.question.evidence[1]
            if side == "after":
                assert told[0] == min(start for start, _ in others if start >= here[1])
            else:
                assert told[1] == max(end for _, end in others if end <= here[0])
            checked += 1
    assert checked >= 5


def test_last_meetings_and_first_deeds_are_those_of_all_that_truth_tells(
    asked: list[tuple[Truth, Asked]],
) -> None:
    checked = 0
    for truth, each in asked:
        if each.question.answer is None or each.form.kind != "where":
            continue
        if each.form.name == "meeting":
            pair = set(each.terms[:2])
            spans = [
                (shot.start_ms, shot.end_ms)
                for shot in truth.shots
                if pair <= {seen.person for seen in shot.persons}
            ]
        else:
            assert isinstance(each.terms[0], Deed)
            spans = list_starts(truth, each.terms[0])
        expected = spans[-1 if each.terms[-1] == "last" else 0]
        assert each.question.evidence == (expected,), each.question
        checked += 1
    assert checked >= 10


def show_split() -> Truth:
    """One split shot: two people on the left, of whom one waves, one on the right."""
    truth = make_truth(1)
    seen = []
    for left, person in zip((0.05, 0.28, 0.6), truth.cast, strict=False):
        track = make_track(0, (left, 0.1, left + 0.2, 0.9))
        seen.append(SeenPerson(person.id, "front", "full shot", False, True, track, track))
    done = DoneAction("waving", "waving", truth.cast[0].id, None, None, 0, SHOT_MS)
    shot = replace(truth.shots[0], is_split=True, persons=tuple(seen), actions=(done,), things=())
    return replace(truth, shots=(shot,))


def test_who_is_in_the_other_half_of_a_split_picture_is_no_company() -> None:
    truth = show_split()
    one, beside, apart = (person.id for person in truth.cast[:3])
    facts = gather_facts(truth)
    for known in (facts, add_glimpses(facts, truth)):
        assert known.find_shared(one, beside)
        assert not known.find_shared(one, apart)
        assert [event.company for event in known.events] == [2]


def test_kin_is_what_the_relations_tell(asked: list[tuple[Truth, Asked]]) -> None:
    for truth, each in asked:
        if each.form.name != "relation":
            continue
        a, relation, b = map(str, each.terms)
        ways = {(one.a, one.relation, one.b) for one in truth.relations}
        if relation not in ONE_WAY:
            ways |= {(one.b, one.relation, one.a) for one in truth.relations}
        related = any({a, b} == {one.a, one.b} for one in truth.relations)
        expected = ("yes" if (a, relation, b) in ways else "no") if related else None
        assert each.question.answer == expected


def test_a_single_shot_and_words_alone_know_less(truths: list[Truth]) -> None:
    facts: FilmFacts = gather_facts(truths[0])
    seen = keep_shot(facts, truths[0].shots[3])
    assert all(here.start_ms == truths[0].shots[3].start_ms for here in seen.presences)
    assert not seen.relations
    words = keep_words(facts)
    assert words.cues == facts.cues
    assert not words.events


@pytest.mark.parametrize(("pause_ms", "times"), [(4000, 1), (8000, 2)])
def test_a_deed_goes_on_over_a_short_pause_and_begins_anew_after_a_long_one(
    pause_ms: int, times: int
) -> None:
    truth = make_truth(1)
    person = truth.cast[0].id
    shots = []
    for start in (0, SHOT_MS + pause_ms):
        track = make_track(start, (0.3, 0.1, 0.6, 0.9))
        seen = SeenPerson(person, "front", "full shot", True, True, track, track)
        done = DoneAction("waving", "waving", person, None, None, start, start + SHOT_MS)
        shot = replace(truth.shots[0], id=str(start), start_ms=start, end_ms=start + SHOT_MS)
        shots.append(replace(shot, things=(), persons=(seen,), actions=(done,)))
    facts = gather_facts(replace(truth, shots=tuple(shots)))
    assert len(facts.find(Deed(person, "waving"))) == times
