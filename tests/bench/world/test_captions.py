import re
from dataclasses import replace

import pytest

from bench.world.captions import KINDS, state_facts, vary_caption, word_caption, write_captions
from bench.world.describing import Sight, find_side, see_shot
from bench.world.dice import Dice
from bench.world.phrases import add_article, join_words, make_plural
from bench.world.stated import match_facts
from bench.world.triplets import list_triplets
from bench.world.truth import Captions, SeenThing, ShotTruth, Track, Triplet, Truth, Written
from tests.bench.world.made_truths import make_track, make_truth

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
    assert sum(long_enough) > 0.8 * len(long_enough)


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
def test_what_is_too_small_or_covered_is_never_named(
    box: tuple[float, float, float, float], visible: float
) -> None:
    hidden = replace(CAR, track=make_track(0, box, visible))
    for text in list_wordings(*show_only((hidden,))):
        assert not re.search(r"car\b|automobile|vehicle", text), text


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
