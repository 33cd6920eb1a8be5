"""Plans of whole films: valid, varied, and the same however often they are asked for."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import combinations, pairwise

import pytest

from bench.world.cameras import VIEW_HEIGHTS, Subject, frame_actor
from bench.world.dialogue import LINES, TELLING
from bench.world.dialogue import WORDS as SLOTS
from bench.world.dice import Dice
from bench.world.habits import HABITS, PLACE_GROUPS, TOPICS
from bench.world.names import SPLITS
from bench.world.plan import (
    FRAME_MS,
    STAGE_HEIGHT,
    STAGE_WIDTH,
    Picture,
    ShotPlan,
    VideoPlan,
)
from bench.world.story import plan_video
from bench.world.words import (
    ACTIONS,
    COLOURS,
    FLAWS,
    INDOORS,
    KINDS,
    MOVES,
    OUTDOORS,
    PLACES,
    RELATIONS,
    SHOT_SIZES,
    SOUNDS,
    THING_ACTIONS,
    TRANSITIONS,
    VIEWS,
)

FILMS = 40


@cache
def _plans() -> tuple[VideoPlan, ...]:
    return tuple(plan_video(7, "train", number) for number in range(FILMS))


def _shots() -> Iterator[ShotPlan]:
    return (shot for plan in _plans() for shot in plan.shots)


def _pictures() -> Iterator[tuple[ShotPlan, Picture]]:
    return ((shot, picture) for shot in _shots() for picture in shot.pictures)


def test_the_same_film_is_planned_whatever_was_planned_before() -> None:
    assert plan_video(3, "test", 5) == plan_video(3, "test", 5)
    first = plan_video(4, "validation", 2)
    plan_video(4, "validation", 9)
    plan_video(4, "train", 2)
    assert plan_video(4, "validation", 2) == first
    assert plan_video(5, "validation", 2) != first


def test_films_of_two_splits_share_no_cast_and_no_id() -> None:
    plans = [[plan_video(7, split, number) for number in range(5)] for split in SPLITS]
    casts = [{p.name for plan in each for p in plan.cast} for each in plans]
    for a, b in combinations(casts, 2):
        assert not a & b
    assert len({plan.id for each in plans for plan in each}) == 15


def test_shots_follow_each_other_without_a_gap_in_whole_frames() -> None:
    for plan in _plans():
        assert plan.shots[0].start_ms == 0
        assert plan.shots[0].transition.kind == "cut"
        for before, after in pairwise(plan.shots):
            assert before.end_ms == after.start_ms
        for shot in plan.shots:
            assert shot.start_ms % FRAME_MS == shot.end_ms % FRAME_MS == 0
            assert shot.end_ms - shot.start_ms >= 1_200


def test_a_film_lasts_two_minutes_on_average_and_has_so_many_shots() -> None:
    lengths = [plan.length_ms for plan in _plans()]
    assert min(lengths) > 85_000
    assert max(lengths) < 155_000
    assert 110_000 < sum(lengths) / len(lengths) < 130_000
    counts = [len(plan.shots) for plan in _plans()]
    assert 31 < sum(counts) / len(counts) < 42


def test_a_film_may_be_asked_to_be_short() -> None:
    assert 55_000 < plan_video(7, "train", 0, (60, 61)).length_ms < 70_000


def test_scenes_have_four_shots_of_one_place_and_differ_from_their_neighbours() -> None:
    for plan in _plans():
        assert 3 <= len(plan.scenes) <= 6
        for scene in plan.scenes:
            shots = [s for s in plan.shots if scene.start_ms <= s.start_ms < scene.end_ms]
            assert len(shots) >= 4
            assert shots[-1].end_ms == scene.end_ms
            pictures = [picture for shot in shots for picture in shot.pictures]
            assert {picture.setting for picture in pictures} == {scene.setting}
            there = {actor.person for picture in pictures for actor in picture.actors}
            assert there <= set(scene.people)
            assert 20_000 <= scene.end_ms - scene.start_ms <= 46_000
        for before, after in pairwise(plan.scenes):
            assert (before.setting.place, before.people) != (after.setting.place, after.people)


def test_outdoors_has_seasons_and_times_and_indoors_has_none() -> None:
    settings = [scene.setting for plan in _plans() for scene in plan.scenes]
    for setting in settings:
        is_outside = setting.place in OUTDOORS
        assert (setting.season is not None) == (setting.time is not None) == is_outside
    assert {setting.place for setting in settings} == set(PLACES)


def test_ids_are_unique() -> None:
    for plan in _plans():
        assert len({shot.id for shot in plan.shots}) == len(plan.shots)
        assert len({scene.id for scene in plan.scenes}) == len(plan.scenes)
        kinds: dict[str, tuple[str, str, str]] = {}
        for shot in plan.shots:
            things = [thing for picture in shot.pictures for thing in picture.things]
            people = [actor.person for picture in shot.pictures for actor in picture.actors]
            assert len({thing.id for thing in things}) == len(things), shot.id
            assert len(set(people)) == len(people), shot.id
            for thing in things:  # a name means one thing all through the film
                same = (thing.kind, thing.colour, thing.size)
                assert kinds.setdefault(thing.id, same) == same


def test_what_is_held_has_its_holder_there_who_does_something_with_it() -> None:
    for _, picture in _pictures():
        used = {act.thing: a.person for a in picture.actors for act in a.acts if act.thing}
        held = {thing.id: thing.held_by for thing in picture.things if thing.held_by}
        assert {name: used.get(name) for name in held} == held


def test_acts_fit_their_words_their_things_and_their_shot() -> None:
    for shot, picture in _pictures():
        kinds = {thing.id: thing.kind for thing in picture.things}
        people = {actor.person for actor in picture.actors}
        for actor in picture.actors:
            for act in actor.acts:
                lived_ms = (shot.end_ms - shot.start_ms) * shot.tempo
                assert 0 <= act.start_ms < act.end_ms <= lived_ms
                assert act.start_ms % FRAME_MS == act.end_ms % FRAME_MS == 0
                assert act.partner is None or act.partner in people - {actor.person}
                if act.action in THING_ACTIONS:
                    assert act.thing is not None
                    assert kinds[act.thing] in THING_ACTIONS[act.action]


def test_people_stay_on_the_ground_of_the_stage() -> None:
    for shot, picture in _pictures():
        seconds = (shot.end_ms - shot.start_ms) / 1000 * shot.tempo
        for actor in picture.actors:
            assert 7.3 <= actor.y <= 10.8
            going = any(act.action in ("walking", "running") for act in actor.acts)
            for x in (actor.x, actor.x + actor.speed * seconds * going):
                assert 0.2 <= x <= STAGE_WIDTH - 0.2
            if going and actor.speed:
                assert actor.view == ("right" if actor.speed > 0 else "left")


def test_views_show_nothing_beyond_the_stage() -> None:
    for _, picture in _pictures():
        for window in (picture.camera.start, picture.camera.end):
            half = window.height * 16 / 9 / 2
            assert 0.25 <= window.height <= STAGE_HEIGHT
            assert window.x - half >= -1e-3
            assert window.x + half <= STAGE_WIDTH + 1e-3
            assert window.y - window.height / 2 >= -1e-3
            assert window.y + window.height / 2 <= STAGE_HEIGHT + 1e-3


def test_no_transition_takes_a_third_of_a_shot() -> None:
    for plan in _plans():
        for before, after in pairwise(plan.shots):
            shorter = min(s.end_ms - s.start_ms for s in (before, after))
            assert 3 * after.transition.ms <= shorter
            assert (after.transition.kind == "cut") == (after.transition.ms == 0)
            assert after.transition.ms % (2 * FRAME_MS) == 0


def test_everything_that_has_a_name_occurs() -> None:
    shots, pictures = list(_shots()), [picture for _, picture in _pictures()]
    actors = [actor for picture in pictures for actor in picture.actors]
    things = [thing for picture in pictures for thing in picture.things]
    assert {act.action for actor in actors for act in actor.acts} == set(ACTIONS)
    assert {thing.kind for thing in things} == set(KINDS)
    assert {thing.colour for thing in things} == set(COLOURS)
    assert {shot.transition.kind for shot in shots} == set(TRANSITIONS)
    assert {picture.camera.move for picture in pictures} == set(MOVES)
    assert {flaw for shot in shots for flaw in shot.flaws} == set(FLAWS)
    assert {actor.view for actor in actors} == set(VIEWS)
    assert {each.relation for plan in _plans() for each in plan.relations} == set(RELATIONS)
    assert {sound.kind for plan in _plans() for sound in plan.sounds} == set(SOUNDS)
    assert {cue.topic for plan in _plans() for cue in plan.cues} == set(TOPICS)
    assert {word for plan in _plans() for word in plan.misleading} == {"clothes", "words", "place"}


def test_tricks_are_as_rare_as_in_films() -> None:
    shots = [shot for shot in _shots() if not shot.is_title]
    for low, high, is_one in (
        (0.70, 0.84, lambda shot: shot.transition.kind == "cut"),
        (0.02, 0.07, lambda shot: shot.tempo > 1),
        (0.01, 0.06, lambda shot: len(shot.pictures) > 1),
        (0.03, 0.09, lambda shot: shot.repeats is not None),
        (0.02, 0.06, lambda shot: "dark" in shot.flaws),
        (0.13, 0.30, lambda shot: any(picture.signs for picture in shot.pictures)),
    ):
        share = sum(map(is_one, shots)) / len(shots)
        assert low < share < high
    assert 0.45 < sum(p.camera.move == "still" for _, p in _pictures()) / len(shots) < 0.66


def test_several_people_often_do_different_things_at_once() -> None:
    shared = [p for _, p in _pictures() if len(p.actors) > 1]
    differing = sum(len({act.action for a in p.actors for act in a.acts}) > 1 for p in shared)
    assert differing / len(shared) > 0.3


def test_an_action_goes_on_over_several_shots() -> None:
    runs: Counter[tuple[str, str, str]] = Counter()
    for plan in _plans():
        for shot in plan.shots:
            for picture in shot.pictures:
                for actor in picture.actors:
                    runs.update({(plan.id, actor.person, act.thing or "") for act in actor.acts})
    things = [count for (_, _, thing), count in runs.items() if thing]
    assert sum(count > 1 for count in things) / len(things) > 0.3


def test_shots_hold_none_to_twelve_things_that_suit_the_place() -> None:
    counts: Counter[int] = Counter()
    for _, picture in _pictures():
        counts[len(picture.things)] += 1
        inside = picture.setting.place in INDOORS
        for thing in picture.things:
            kind = KINDS[thing.kind]
            assert kind.indoors if inside else kind.outdoors
            if kind.where == "water":
                assert picture.setting.place in ("beach", "harbour")
    assert set(counts) == set(range(13))


def test_copies_show_what_their_originals_showed() -> None:
    for plan in _plans():
        by_id = {shot.id: shot for shot in plan.shots}
        for shot in plan.shots:
            if shot.repeats is None:
                continue
            old = by_id[shot.repeats].pictures[0]
            assert by_id[shot.repeats].end_ms < shot.start_ms
            assert shot.pictures[0].things == old.things
            assert shot.pictures[0].camera != old.camera


def test_lines_are_said_one_after_the_other_by_people_who_are_there() -> None:
    for plan in _plans():
        related = {frozenset((each.a, each.b)) for each in plan.relations}
        for before, after in pairwise(plan.cues):
            assert before.end_ms <= after.start_ms
        for cue in plan.cues:
            assert cue.start_ms < cue.end_ms <= plan.length_ms
            assert "{" not in cue.text
            assert frozenset((cue.speaker, cue.listener)) in related
            shot = next(s for s in plan.shots if s.start_ms <= cue.start_ms < s.end_ms)
            there = {actor.person for picture in shot.pictures for actor in picture.actors}
            assert there & {cue.speaker, cue.listener}


def test_sounds_cover_the_film() -> None:
    for plan in _plans():
        assert plan.sounds[0].start_ms == 0
        assert plan.sounds[-1].end_ms == plan.length_ms
        assert all(a.end_ms == b.start_ms for a, b in pairwise(plan.sounds))


def test_a_cast_is_connected_dressed_and_no_larger_than_seven() -> None:
    for plan in _plans():
        ids = {person.id for person in plan.cast}
        assert 4 <= len(ids) <= 7
        assert {person for person, _ in plan.clothes} == ids
        assert {end for each in plan.relations for end in (each.a, each.b)} == ids
        worn = [clothes for _, clothes in plan.clothes]
        assert len(set(worn)) == len(worn) - ("clothes" in plan.misleading)


def test_a_fifth_of_the_films_misleads() -> None:
    plans = [plan_video(7, "test", number, (60, 70)) for number in range(150)]
    assert 0.12 < sum(bool(plan.misleading) for plan in plans) / len(plans) < 0.3


def test_most_films_begin_with_their_title() -> None:
    titled = [plan for plan in _plans() if plan.shots[0].is_title]
    assert 0.7 < len(titled) / FILMS < 1.0
    for plan in titled:
        picture = plan.shots[0].pictures[0]
        assert [sign.text for sign in picture.signs] == [plan.title]
        assert picture.things == picture.actors == ()


@pytest.mark.parametrize("size", SHOT_SIZES)
def test_each_shot_size_frames_the_share_of_a_person_it_stands_for(size: str) -> None:
    subject = Subject(x=10.0, y=9.0, height=1.7)
    low, high = VIEW_HEIGHTS[size]
    for at in range(20):
        window = frame_actor(Dice("size", size, at), subject, size)
        assert max(low * 1.7, 0.259) - 2e-3 <= window.height <= max(high * 1.7, 0.26) + 1e-3
        head = subject.y - 0.92 * subject.height
        assert abs(window.y - head) < window.height / 2
        feet_seen = window.y + window.height / 2 >= subject.y
        assert feet_seen == (size in ("full shot", "long shot", "extreme long shot"))


def test_no_single_code_of_habits_tells_all_relations_but_all_together_do() -> None:
    for name in ("place", "joint", "topic"):
        assert 3 <= len({getattr(habit, name) for habit in HABITS.values()}) <= 4
    whole = {(habit.place, habit.joint) for habit in HABITS.values()}
    assert len(whole) == len(RELATIONS)
    assert sorted(place for group in PLACE_GROUPS.values() for place in group) == sorted(PLACES)


def test_every_slot_of_a_line_can_be_filled() -> None:
    told = [line for each in TELLING.values() for side in each for line in side]
    for line in (*told, *(line for lines in LINES.values() for line in lines)):
        for slot in SLOTS:
            line = line.replace(f"{{{slot}}}", "")
        assert "{" not in line
