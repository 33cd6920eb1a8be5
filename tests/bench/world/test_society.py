"""The cast of a split and who is what to whom in it."""

from collections import Counter
from itertools import combinations

import pytest

from bench.world.cast import make_cast, seen_of, split_of
from bench.world.names import SPLITS, title_of
from bench.world.society import make_society
from bench.world.words import BEARDS, EYES, FACES, GLASSES, HAIR_STYLES, HATS, RELATIONS, SKINS

SEEDS = (0, 7)


def test_no_name_and_no_look_is_in_two_splits_even_of_other_seeds() -> None:
    casts = {split: [p for seed in SEEDS for p in make_cast(seed, split)] for split in SPLITS}
    for a, b in combinations(SPLITS, 2):
        assert not {p.name for p in casts[a]} & {p.name for p in casts[b]}
        assert not {seen_of(p.look) for p in casts[a]} & {seen_of(p.look) for p in casts[b]}


@pytest.mark.parametrize("split", SPLITS)
def test_a_cast_has_forty_four_people_with_names_ids_and_faces_of_their_own(split: str) -> None:
    cast = make_cast(7, split)
    assert len(cast) == len({p.id for p in cast}) == len({p.name for p in cast}) == 44
    assert len({seen_of(person.look) for person in cast}) == 44
    assert all(split_of(person.look) == split for person in cast)


@pytest.mark.parametrize("split", SPLITS)
def test_some_people_are_easily_taken_for_each_other(split: str) -> None:
    looks = [seen_of(person.look) for person in make_cast(7, split)]
    differing = [sum(a != b for a, b in zip(*pair, strict=True)) for pair in combinations(looks, 2)]
    assert sum(count <= 2 for count in differing) >= 3


def test_children_are_small_beardless_and_a_fifth() -> None:
    cast = [person for split in SPLITS for person in make_cast(7, split)]
    children = [person.look for person in cast if person.look.gender in ("boy", "girl")]
    assert 0.18 < len(children) / len(cast) < 0.23
    assert all(1.0 <= look.height_m <= 1.35 for look in children)
    bearded = {person.look.gender for person in cast if person.look.beard != "none"}
    assert bearded == {"man"}


def test_every_feature_occurs_and_most_wear_neither_hat_nor_glasses() -> None:
    looks = [p.look for seed in SEEDS for split in SPLITS for p in make_cast(seed, split)]
    for name, words in (
        ("skin", SKINS), ("face", FACES), ("hair", HAIR_STYLES), ("eyes", EYES),
        ("glasses", GLASSES), ("beard", BEARDS), ("hat", HATS),
    ):  # fmt: skip
        assert {getattr(look, name) for look in looks} == set(words), name
    assert 0.58 < sum(look.hat == "none" for look in looks) / len(looks) < 0.82
    assert 0.53 < sum(look.glasses == "none" for look in looks) / len(looks) < 0.77


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("seed", SEEDS)
def test_every_relation_has_eight_pairs_and_a_pair_has_one_relation(split: str, seed: int) -> None:
    society = make_society(seed, split)
    counts = Counter(each.relation for each in society)
    assert set(counts) == set(RELATIONS)
    assert min(counts.values()) >= 8
    assert len({frozenset((each.a, each.b)) for each in society}) == len(society)
    assert all(each.a != each.b for each in society)


def test_people_have_several_kinds_of_relations() -> None:
    kinds: dict[str, set[str]] = {}
    for each in make_society(7, "train"):
        for person in (each.a, each.b):
            kinds.setdefault(person, set()).add(each.relation)
    assert len(kinds) == 44
    assert sum(len(each) >= 3 for each in kinds.values()) > 30


def test_children_lead_nobody_and_are_nobodys_parents() -> None:
    genders = {person.id: person.look.gender for person in make_cast(7, "test")}
    leading = {
        genders[each.a]
        for each in make_society(7, "test")
        if each.relation in ("leader", "service", "parent", "couple")
    }
    assert leading == {"man", "woman"}


def test_no_two_films_of_a_split_have_one_title() -> None:
    titles = {title_of(7, "test", number) for number in range(5_000)}
    assert len(titles) == 5_000


def test_an_unknown_split_is_refused() -> None:
    with pytest.raises(ValueError, match="holdout"):
        make_cast(7, "holdout")
