import re
from dataclasses import replace

import pytest

from bench.world.captions import KINDS, state_facts, vary_caption, word_caption, write_captions
from bench.world.captions_plain import word_terse
from bench.world.describing import Sight, see_shot
from bench.world.dice import Dice
from bench.world.noticing import find_side
from bench.world.phrases import add_article, join_words, make_plural
from bench.world.stated import match_facts
from bench.world.triplets import list_triplets
from bench.world.truth import (
    Box,
    Captions,
    DoneAction,
    SeenPerson,
    SeenThing,
    ShotTruth,
    Track,
    Triplet,
    Truth,
    Written,
)
from tests.bench.world.made_truths import SHOT_MS, make_track, make_truth

CAR = SeenThing("car1", "car", "vehicle", True, "red", "large", "still", None, Track((), (), ()))
WHOLE = (0.1, 0.3, 0.6, 0.8)


@pytest.fixture(scope="module")
def told() -> list[Truth]:
    return [write_captions(make_truth(number)) for number in range(12)]


@pytest.fixture(scope="module")
def captions(told: list[Truth]) -> list[Captions]:
    return [shot.captions for truth in told for shot in truth.shots if shot.captions]


def show_only(things: tuple[SeenThing, ...]) -> tuple[Truth, ShotTruth]:
    truth = make_truth(3)
    shot = replace(
        truth.shots[0], things=things, persons=(), actions=(), written=(), shot_size="long shot"
    )
    return truth, shot


def show_person(
    size: str, box: Box, face: Box | None, visible: float = 0.2, action: str = "waving"
) -> tuple[Truth, ShotTruth]:
    """A shot of one person, alone, with as much of body and face in the frame as asked."""
    truth, shot = show_only(())
    person = truth.cast[0].id
    seen = SeenPerson(
        person, "front", size, True, True, make_track(shot.start_ms, box, visible),
        make_track(shot.start_ms, face) if face else Track((), (), ()),
    )  # fmt: skip
    end_ms = shot.start_ms + SHOT_MS
    done = DoneAction(action, action, person, None, None, shot.start_ms, end_ms)
    return truth, replace(shot, shot_size=size, persons=(seen,), actions=(done,))


def list_wordings(truth: Truth, shot: ShotTruth) -> list[str]:
    sight = see_shot(truth, shot)
    return [word_caption(sight, kind, Dice(at))[0] for kind in KINDS for at in range(12)]


def test_articles_fit_the_word_that_follows(captions: list[Captions]) -> None:
    for caption in captions:
        for text in (caption.terse, caption.novice, caption.expert):
            for article, letter in re.findall(r"\b([Aa]n?) (\w)", text):
                assert (article.lower() == "an") == (letter in "aeiou"), text


def test_captions_have_no_stray_spaces_or_marks(captions: list[Captions]) -> None:
    for caption in captions:
        for text in (caption.terse, caption.novice, caption.expert):
            assert not re.search(r"  | [,.;:]|[,;:]{2}|^ | $|None|[{}]", text), text


def test_terse_captions_have_two_to_five_words_in_small_letters(captions: list[Captions]) -> None:
    for caption in captions:
        assert 2 <= len(caption.terse.split()) <= 5, caption.terse
        assert caption.terse.replace("TV", "tv").islower(), caption.terse


def test_novice_captions_are_one_plain_clause(captions: list[Captions]) -> None:
    for caption in captions:
        assert re.search(r"\b(is|are)\b", caption.novice), caption.novice
        assert "." not in caption.novice
        assert not caption.novice[0].isupper()


def test_expert_captions_are_sentences_of_at_most_forty_words(captions: list[Captions]) -> None:
    for caption in captions:
        assert len(caption.expert.split()) <= 40, caption.expert
        assert re.match(r"[A-Z].*\.$", caption.expert), caption.expert
    long_enough = [len(caption.expert.split()) >= 15 for caption in captions]
    assert sum(long_enough) > 0.95 * len(long_enough)


def test_a_verb_agrees_with_how_many_there_are(captions: list[Captions]) -> None:
    for caption in captions:
        assert not re.search(r"there is (some|two|three|four)\b|there are an? ", caption.novice)
        assert not re.search(r"\b(people|men|women) is\b", caption.novice), caption.novice


def test_no_caption_names_a_member_of_the_cast(told: list[Truth]) -> None:
    for truth in told:
        names = {person.name.lower() for person in truth.cast}
        for shot in truth.shots:
            assert shot.captions is not None
            words = re.findall(r"\w+", " ".join(vars(shot.captions).values()).lower())
            assert names.isdisjoint(words)


def test_a_sign_with_a_name_of_the_cast_is_not_read() -> None:
    truth, shot = show_only(())
    sign = Written(f"{truth.cast[0].name.upper()}'S BAR", "sign", None)
    assert see_shot(truth, replace(shot, written=(sign,))).signs == ()


def test_captions_use_a_small_vocabulary(captions: list[Captions]) -> None:
    words = {
        word
        for caption in captions
        for text in vars(caption).values()
        for word in re.findall(r"[a-z]+", text.lower())
    }
    assert 150 < len(words) < 900


@pytest.mark.parametrize("kind", KINDS)
def test_the_facts_of_a_caption_all_hold_of_its_own_shot(told: list[Truth], kind: str) -> None:
    for truth in told:
        for shot in truth.shots:
            facts = state_facts(truth, shot, kind)
            assert match_facts(facts, see_shot(truth, shot)) == 1.0, (shot.captions, facts)
            assert facts.count > 0


def test_facts_do_not_hold_of_a_shot_at_another_place_with_nothing_in_it() -> None:
    truth, shot = show_only((replace(CAR, track=make_track(0, WHOLE)),))
    other = replace(shot, place="moon", season=None, time=None, things=(), shot_size="close-up")
    for kind in KINDS:
        assert match_facts(state_facts(truth, shot, kind), see_shot(truth, other)) < 0.6


def test_what_is_stated_of_one_thing_must_hold_of_one_thing() -> None:
    blue_ball = replace(CAR, id="ball", kind="ball", group="held", colour="blue")
    seen = tuple(replace(thing, track=make_track(0, WHOLE)) for thing in (CAR, blue_ball))
    swapped = tuple(
        replace(thing, colour=colour) for thing, colour in zip(seen, ("blue", "red"), strict=True)
    )
    truth, shot = show_only(seen)
    facts = state_facts(truth, shot, "expert")
    assert match_facts(facts, see_shot(truth, replace(shot, things=swapped))) < 1.0


def test_a_thing_in_full_view_is_named() -> None:
    wordings = list_wordings(*show_only((replace(CAR, track=make_track(0, WHOLE)),)))
    assert any("car" in text or "automobile" in text for text in wordings)


@pytest.mark.parametrize(
    ("box", "visible"),
    [((0.1, 0.3, 0.11, 0.32), 1.0), (WHOLE, 0.2)],
    ids=["too small", "covered"],
)
def test_what_is_too_small_or_covered_is_never_named(box: Box, visible: float) -> None:
    hidden = replace(CAR, track=make_track(0, box, visible))
    for text in list_wordings(*show_only((hidden,))):
        assert not re.search(r"car\b|automobile|vehicle", text), text


@pytest.mark.parametrize(
    ("box", "face"),
    [
        ((0.1, 0.0, 0.9, 1.0), (0.3, 0.1, 0.6, 0.8)),
        ((0.7, 0.5, 0.9, 1.0), (0.75, 0.6, 0.8, 0.8)),
        ((0.0, 0.0, 0.9, 1.0), None),
    ],
    ids=["face and body", "face alone", "body alone"],
)
def test_whoever_is_near_is_named_though_most_of_the_body_is_cut_off(
    box: Box, face: Box | None
) -> None:
    truth, shot = show_person("extreme close-up", box, face)
    for text in list_wordings(truth, shot):
        assert re.search(r"\b(man|gentleman|woman|lady|boy|girl|person|child|kid)\b", text), text


def test_nobody_is_named_by_a_sliver_at_the_edge_of_the_frame() -> None:
    truth, shot = show_person("medium close-up", (0.84, 0.2, 1.0, 1.0), None, 0.08)
    assert not see_shot(truth, shot).persons


def test_hair_and_hats_are_not_seen_of_a_face_cut_off_at_the_top() -> None:
    box = (0.1, 0.0, 0.9, 1.0)
    for face, is_seen in (((0.3, 0.0, 0.6, 0.8), False), ((0.3, 0.2, 0.6, 0.9), True)):
        (person,) = see_shot(*show_person("close-up", box, face)).persons
        assert person.shows_hat == is_seen
        assert person.shows_gender
        assert person.shows_face
        assert not person.shows_top


def test_a_vehicle_cut_off_by_the_frame_is_named() -> None:
    cut = replace(CAR, track=make_track(0, (0.0, 0.3, 0.5, 0.8), 0.26))
    assert see_shot(*show_only((cut,))).things


@pytest.mark.parametrize(
    ("size", "action", "is_told"),
    [
        ("medium full shot", "walking", True),
        ("medium shot", "walking", False),
        ("medium close-up", "jumping", False),
        ("full shot", "kicking", False),
        ("close-up", "waving", True),
        ("close-up", "standing", False),
    ],
)
def test_only_deeds_that_can_be_seen_are_told(size: str, action: str, is_told: bool) -> None:
    face = (0.4, 0.1, 0.5, 0.3)
    truth, shot = show_person(size, (0.3, 0.05, 0.6, 1.0), face, 1.0, action)
    sight = see_shot(truth, shot)
    assert [act.action for act in sight.persons[0].acts] == [action] * is_told
    told = {triplet.object for triplet in list_triplets(truth, sight)}
    assert (action in told) == is_told


def test_of_a_split_picture_no_move_is_told() -> None:
    truth, shot = show_only((replace(CAR, track=make_track(0, WHOLE)),))
    panned = replace(shot, move="pan left")
    assert any("pans" in text for text in list_wordings(truth, panned))
    split = replace(panned, is_split=True)
    assert not any("pans" in text for text in list_wordings(truth, split))
    assert "move: pan left" not in see_shot(truth, split).attributes


def test_terse_captions_stay_short_when_no_words_fit(
    told: list[Truth], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bench.world.captions_plain.ATTEMPTS", 0)
    for truth in told:
        for shot in truth.shots:
            sight = see_shot(truth, shot)
            text, draft = word_terse(sight, Dice(shot.id))
            assert 2 <= len(text.split()) <= 5, text
            assert match_facts(draft.facts, sight) == 1.0


def test_a_count_is_said_only_if_none_of_the_kind_hides() -> None:
    first = replace(CAR, track=make_track(0, WHOLE))
    second = replace(first, id="car2")
    hidden = replace(CAR, id="car3", track=make_track(0, WHOLE, 0.1))
    assert any("two" in text for text in list_wordings(*show_only((first, second))))
    for text in list_wordings(*show_only((first, second, hidden))):
        assert "two" not in text


def test_what_crosses_the_frame_is_on_no_side() -> None:
    assert find_side([(0.0, 0, 0.2, 1)]) == "left"
    assert find_side([(0.8, 0, 1.0, 1)]) == "right"
    assert find_side([(0.0, 0, 0.2, 1), (0.8, 0, 1.0, 1)]) is None


def test_clothes_are_not_seen_in_an_extreme_close_up() -> None:
    for number in range(8):
        truth = make_truth(number)
        for shot in truth.shots:
            if shot.shot_size == "extreme close-up":
                assert not any(person.shows_top for person in see_shot(truth, shot).persons)
                assert see_shot(truth, shot).place is None


def test_the_same_truth_gets_the_same_captions_whatever_stands_beside_it() -> None:
    truth = make_truth(5)
    alone = write_captions(replace(truth, shots=truth.shots[7:8])).shots[0]
    assert alone.captions == write_captions(truth).shots[7].captions


def test_titles_get_no_captions() -> None:
    truth = make_truth(2)
    title = replace(truth.shots[0], is_title=True)
    assert write_captions(replace(truth, shots=(title,))).shots[0].captions is None


def test_varied_captions_of_a_shot_differ_in_words_and_length() -> None:
    truth = make_truth(4)
    shot = next(shot for shot in truth.shots if see_shot(truth, shot).persons)
    texts = [vary_caption(truth, shot, Dice("vary", at)) for at in range(60)]
    assert len(set(texts)) > 30
    lengths = [len(text.split()) for text in texts]
    assert min(lengths) <= 5
    assert max(lengths) >= 12
    assert texts[7] == vary_caption(truth, shot, Dice("vary", 7))


def test_every_word_form_is_english() -> None:
    plurals = [make_plural(word) for word in ("bus", "butterfly", "sheep", "box", "boy", "bench")]
    assert plurals == ["buses", "butterflies", "sheep", "boxes", "boys", "benches"]
    assert [add_article(word) for word in ("orange bag", "car")] == ["an orange bag", "a car"]
    assert join_words(["a", "b", "c"]) == "a, b and c"


def test_triplets_tell_sides_places_clothes_and_deeds() -> None:
    left = replace(CAR, track=make_track(0, (0.0, 0.3, 0.3, 0.8)))
    right = replace(CAR, id="car2", track=make_track(0, (0.6, 0.3, 0.9, 0.8)))
    truth, shot = show_only((right, left))
    found = list_triplets(truth, see_shot(truth, shot))
    assert Triplet("car1", "on the left of", "car2") in found
    assert Triplet("car2", "on the left of", "car1") not in found
    assert Triplet("car1", "in", shot.place) in found
    assert Triplet("car1", "is", "red") in found


def test_triplets_name_only_who_and_what_is_seen(told: list[Truth]) -> None:
    predicates = set()
    for truth in told:
        for shot in truth.shots:
            sight: Sight = see_shot(truth, shot)
            seen = {person.person for person in sight.persons}
            seen |= {name for thing in sight.things for name in thing.ids}
            assert all(triplet.subject in seen for triplet in shot.triplets)
            predicates |= {triplet.predicate for triplet in shot.triplets}
    assert {"wears", "in", "is", "on the left of", "hugging", "holding"} <= predicates
