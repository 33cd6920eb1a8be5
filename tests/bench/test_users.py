"""Simulated users of in-memory engines: what they do, and that a better engine serves better."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from bench.evaluate.hits import Goal, Hit, Span
from bench.users.ad_hoc import search_ad_hoc
from bench.users.habits import Habits, word_query
from bench.users.known_item import search_known_item
from bench.users.summary import compare_scores, summarise_ad_hoc, summarise_known_items
from bench.users.tasks import AdHoc, KnownItem, KnownItemOutcome
from bench.world.dice import Dice

SHOTS = tuple(
    Hit(f"video{number // 20:02}", number % 20 * 3000, number % 20 * 3000 + 3000)
    for number in range(1000)
)
PLAIN = Habits(overlook=0, mistake=0, browse=0, drop_word=0, swap_word=0)
QUERY_S = PLAIN.think_s + PLAIN.letter_s


@dataclass
class Library:
    """Knows what is asked for by a word of the query, and puts it at a place of a chance order."""

    places: dict[str, int]  # of a caption's word: where the target stands, from 1
    asked: list[tuple[str, int]] = field(default_factory=list)

    def rank(self, query_text: str, k: int) -> Sequence[Hit]:
        self.asked.append((query_text, k))
        name, _, manner = query_text.partition(" ")
        target = int(name) if name.isdigit() else 0
        place = self.places.get(manner, len(SHOTS))
        shots = Dice(query_text).shuffle([it for it in SHOTS if it is not SHOTS[target]])
        shots.insert(place - 1, SHOTS[target])
        return shots[:k]


class Walk(Library):
    """One that shows what is near."""

    def neighbours(self, hit: Hit) -> Sequence[Hit]:
        return [it for it in SHOTS if it.video == hit.video]


def sought(number: int, *manners: str) -> KnownItem:
    captions = tuple(f"{number} {manner}" for manner in manners or ("terse", "novice", "expert"))
    shot = SHOTS[number]
    goal = Goal((Span(shot.video, shot.start_ms, shot.end_ms),))
    return KnownItem(f"task{number}", goal, captions)


def search_many(
    engine: Library, habits: Habits, *, seed: int = 1, count: int = 100
) -> list[KnownItemOutcome]:
    return [
        search_known_item(engine, sought(number * 7), habits, seed=seed) for number in range(count)
    ]


def test_with_a_perfect_engine_a_query_and_a_submission_do() -> None:
    outcome = search_known_item(Library({"terse": 1}), sought(5), PLAIN)
    typed = QUERY_S + PLAIN.letter_s * (len("5 terse") - 1)
    seconds = typed + PLAIN.look_s + PLAIN.submit_s
    assert outcome == KnownItemOutcome(
        "task5", True, 2, seconds, 1, 0, pytest.approx(500 + 500 * (1 - seconds / 300))
    )


def test_the_seconds_of_pages_and_hits_add_up() -> None:
    """Rank 30: all of the first page, a page turned, six hits of the second."""
    outcome = search_known_item(Library({"terse": 30}), sought(5), PLAIN)
    typed = PLAIN.think_s + PLAIN.letter_s * len("5 terse")
    assert outcome.seconds == pytest.approx(typed + 30 * 0.3 + PLAIN.turn_s + PLAIN.submit_s)
    assert (outcome.interactions, outcome.queries) == (3, 1)


def test_a_user_says_it_more_exactly_until_it_is_found() -> None:
    engine = Library({"expert": 2})
    outcome = search_known_item(engine, sought(5), PLAIN)
    assert [text for text, _ in engine.asked] == ["5 terse", "5 novice", "5 expert"]
    assert {k for _, k in engine.asked} == {PLAIN.page_hits * PLAIN.pages}
    assert (outcome.found, outcome.queries) == (True, 3)


def test_the_most_exact_caption_is_typed_again_until_time_is_out() -> None:
    engine = Library({})
    outcome = search_known_item(engine, sought(5), PLAIN, limit_s=200)
    assert not outcome.found
    assert (outcome.seconds, outcome.score) == (200, 0)
    assert [text for text, _ in engine.asked][2:] == ["5 expert"] * (len(engine.asked) - 2)
    assert outcome.queries == len(engine.asked) > 3


def test_a_search_that_would_end_after_the_limit_is_lost() -> None:
    engine, needed = Library({"terse": 1}), 5 + 0.2 * len("5 terse") + 0.3 + 2
    assert search_known_item(engine, sought(5), PLAIN, limit_s=needed + 0.001).found
    assert not search_known_item(engine, sought(5), PLAIN, limit_s=needed - 0.001).found


def test_a_duplicate_is_as_right() -> None:
    shot = SHOTS[700]
    task = sought(5)
    twin = Span(shot.video, shot.start_ms, shot.end_ms)
    task = replace(task, goal=Goal((*task.goal.spans, twin)), captions=("700 terse",))
    assert search_known_item(Library({"terse": 1}), task, PLAIN).interactions == 2


def test_a_user_that_overlooks_everything_finds_nothing() -> None:
    blind = replace(PLAIN, overlook=1)
    assert not search_known_item(Library({"terse": 1}), sought(5), blind).found


def test_a_wrong_submission_is_counted_and_costs_points() -> None:
    hasty = replace(PLAIN, mistake=1, page_hits=1)
    outcome = search_known_item(Library({"terse": 3}), sought(5), hasty)
    assert (outcome.found, outcome.wrong) == (True, 2)
    calm = search_known_item(Library({"terse": 3}), sought(5), replace(PLAIN, page_hits=1))
    lost = 200 + 500 * (outcome.seconds - calm.seconds) / 300
    assert calm.score - outcome.score == pytest.approx(lost)
    assert outcome.seconds - calm.seconds == pytest.approx(2 * PLAIN.submit_s)


def test_nothing_wrong_is_submitted_twice() -> None:
    class Stubborn(Library):
        def rank(self, query_text: str, k: int) -> Sequence[Hit]:
            return SHOTS[100:101]

    hasty = replace(PLAIN, mistake=1, page_hits=1)
    outcome = search_known_item(Stubborn({}), sought(5), hasty)
    assert (outcome.wrong, outcome.interactions) == (1, outcome.queries + 1)


def test_a_neighbour_of_the_right_video_leads_to_the_target() -> None:
    browsing = replace(PLAIN, browse=1, pages=40)
    engine = Walk({})
    outcome = search_known_item(engine, sought(5), browsing)
    assert outcome.found
    assert outcome.queries == 1
    assert not search_known_item(Library({}), sought(5), replace(browsing, pages=3)).found
    assert not search_known_item(Walk({}), sought(5), replace(PLAIN, pages=3)).found


def test_an_engine_without_an_answer_is_asked_until_time_is_out() -> None:
    class Silent(Library):
        def rank(self, query_text: str, k: int) -> Sequence[Hit]:
            return ()

    assert not search_known_item(Silent({}), sought(5), PLAIN).found
    assert search_ad_hoc(Silent({}), AdHoc("t", (), ("a",)), PLAIN).score == 0


def test_a_random_engine_hardly_helps_and_a_perfect_one_always() -> None:
    perfect = {"terse": 1, "novice": 1, "expert": 1}
    poor = summarise_known_items(search_many(Library({}), Habits()))
    good = summarise_known_items(search_many(Library(perfect), Habits()))
    assert poor.found.value < 0.35 < 0.95 < good.found.value
    assert good.interactions.value <= 4
    assert poor.to_json()["median_interactions"]["value"] is None
    assert good.to_json()["n"] == 100


def test_a_better_engine_saves_acts_and_time_and_earns_points() -> None:
    better = search_many(Library({"terse": 60, "novice": 12, "expert": 3}), Habits())
    worse = search_many(Library({"terse": 500, "novice": 60, "expert": 12}), Habits())
    ours, theirs = summarise_known_items(better), summarise_known_items(worse)
    assert ours.interactions.value < theirs.interactions.value
    assert ours.seconds.value < theirs.seconds.value
    difference = compare_scores(better, worse)
    assert difference.is_clear
    assert difference.value > 0


def test_a_seed_is_a_user() -> None:
    engine = Library({"terse": 60, "novice": 12, "expert": 3})
    one = search_many(engine, Habits(), seed=1, count=20)
    assert one == search_many(engine, Habits(), seed=1, count=20)
    assert one != search_many(engine, Habits(), seed=2, count=20)


def test_a_worse_engine_meets_the_same_words() -> None:
    habits = Habits(drop_word=0.5)
    task = sought(5, "a long caption of many words", "another caption that is as long")
    texts = []
    for engine in (Library({}), Walk({})):
        search_known_item(engine, task, habits, seed=4)
        texts.append([text for text, _ in engine.asked][:2])
    assert texts[0] == texts[1]
    assert texts[0][0] != task.captions[0]


def test_only_the_same_tasks_are_compared() -> None:
    outcomes = search_many(Library({}), PLAIN, count=2)
    with pytest.raises(ValueError, match="other tasks"):
        compare_scores(outcomes, outcomes[::-1])


def test_words_are_dropped_and_exchanged_by_chance_but_never_all() -> None:
    caption = "a red Car on a snowy street"
    assert word_query(caption, PLAIN, Dice(1)) == caption
    assert word_query(caption, replace(PLAIN, drop_word=1), Dice(1)) == "a"
    other = replace(PLAIN, swap_word=1, synonyms={"car": ("automobile",)})
    assert word_query(caption, other, Dice(1)) == "a red automobile on a snowy street"
    half = replace(PLAIN, drop_word=0.5)
    kept = [len(word_query(caption, half, Dice(seed)).split()) for seed in range(400)]
    assert sum(kept) / 400 == pytest.approx(3.5, abs=0.3)
    assert word_query("", PLAIN, Dice(1)) == ""


def test_a_user_takes_time_and_a_page_has_hits() -> None:
    with pytest.raises(ValueError, match="one page"):
        Habits(page_hits=0)
    with pytest.raises(ValueError, match="takes time"):
        Habits(think_s=0)


def test_nobody_searches_without_a_word() -> None:
    task = replace(sought(5), captions=())
    with pytest.raises(ValueError, match="task5"):
        search_known_item(Library({}), task, PLAIN)
    with pytest.raises(ValueError, match="empty"):
        search_ad_hoc(Library({}), AdHoc("empty", (), ()), PLAIN)


@dataclass
class Shelf:
    """Answers all with the same order."""

    hits: tuple[Hit, ...]

    def rank(self, query_text: str, k: int) -> Sequence[Hit]:
        return self.hits[:k]


FITTING = tuple(Goal((Span(it.video, it.start_ms, it.end_ms),)) for it in SHOTS[:100:10])


def test_all_that_fits_is_marked_once() -> None:
    """Ten goals in five videos, all on the first five pages of an engine that never errs."""
    outcome = search_ad_hoc(Shelf(SHOTS[:100]), AdHoc("t", FITTING, ("a", "b")), PLAIN)
    assert (outcome.right, outcome.wrong, outcome.recall) == (8, 0, 0.8)
    deep = replace(PLAIN, pages=5)
    outcome = search_ad_hoc(Shelf(SHOTS[:100]), AdHoc("t", FITTING, ("a", "b")), deep, limit_s=50)
    assert (outcome.right, outcome.recall, outcome.score) == (10, 1, 1000)
    assert (outcome.queries, outcome.interactions) == (1, 1 + 4 + 10)


def test_time_bounds_what_is_marked() -> None:
    task = AdHoc("t", FITTING, ("a",))
    few = search_ad_hoc(Shelf(SHOTS), task, PLAIN, limit_s=12)
    more = search_ad_hoc(Shelf(SHOTS), task, PLAIN, limit_s=30)
    assert 0 < few.right < more.right


def test_what_is_marked_in_vain_is_wrong() -> None:
    hasty = replace(PLAIN, mistake=1)
    outcome = search_ad_hoc(Shelf(SHOTS[100:]), AdHoc("t", FITTING, ("a",)), hasty)
    assert outcome.right == 0
    assert outcome.wrong > 1
    assert outcome.score == 0


def test_a_better_engine_fills_more_of_an_ad_hoc_task() -> None:
    tasks = [AdHoc(f"t{number}", FITTING, ("a", "b")) for number in range(30)]
    good = [search_ad_hoc(Shelf(SHOTS), task, Habits(), limit_s=60) for task in tasks]
    poor = [search_ad_hoc(Shelf(SHOTS[::-1]), task, Habits(), limit_s=60) for task in tasks]
    assert summarise_ad_hoc(good).recall.low > summarise_ad_hoc(poor).recall.high
    assert compare_scores(good, poor).is_clear
    assert set(summarise_ad_hoc(good).to_json()) == {"n", "right", "recall", "wrong", "score"}
