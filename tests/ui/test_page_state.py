"""The state and the address bar: what goes out comes back, hostile addresses do no harm."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ui.state import LATEST_MS, MOST_PAGES, MOST_STAGES, STEPS, State, read_state, write_state

TEXTS = some.text(some.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60).map(
    str.strip
)
WRITTEN = TEXTS.filter(bool)
LISTS = some.lists(WRITTEN, max_size=MOST_STAGES, unique=True).map(tuple)
STATES = some.builds(
    State,
    text=TEXTS,
    then=LISTS,
    within=some.sampled_from(["", "5", "2.5"]),
    where=LISTS,
    picture=some.sampled_from(["", "0123456789abcdef" * 2]),
    like=some.sampled_from(["", "96163066d763@2.5", "film one.mp4@1:30"]),
    group=some.sampled_from(["none", "video"]),
    sort=some.sampled_from(["score", "time"]),
    distinct=some.none() | some.floats(0.5, 1, exclude_min=True),
    k=some.integers(1, STEPS[-1]),
    shot=some.sampled_from(["", "96163066d763@0"]),
    time_ms=some.none() | some.integers(0, LATEST_MS),
    name=TEXTS,
    person=some.sampled_from(["", "p17", "p-0123456789abcdef"]),
    hidden=some.booleans(),
    faces=some.sampled_from([(), ("0123456789abcdef" * 2,), ("ab" * 16, "cd" * 16)]),
    identity=some.booleans(),
    gaps=some.booleans(),
    extension=some.sampled_from(["capped", "published", "off"]),
    page=some.integers(1, MOST_PAGES),
)
PAIRS = some.lists(
    some.tuples(some.sampled_from(["text", "k", "t", "id", "then", "distinct"]), some.text())
)


@given(STATES)
def test_a_state_comes_back_from_its_address(state: State) -> None:
    read = read_state(write_state(state))
    assert read.state == state
    assert read.notes == ()


@given(PAIRS)
def test_any_address_gives_a_state_that_can_be_written(pairs: list[tuple[str, str]]) -> None:
    state = read_state(pairs).state
    again = read_state(write_state(state))
    assert again.state == state
    assert again.notes == ()


def test_the_plain_state_leaves_the_address_empty() -> None:
    assert write_state(State()) == ()
    assert not State().asks


def test_every_field_stands_in_the_address() -> None:
    told = State(
        *("a", ("b",), "5", ("c=d",), "ab" * 16, "e@1", "video", "time"),
        *(0.9, 9, "f@1", 2, "g", "p7", True),
        *(("cd" * 16,), False, False, "off", 3),
    )
    assert all(getattr(told, one.name) != getattr(State(), one.name) for one in fields(State))
    assert read_state(write_state(told)).state == told


@pytest.mark.parametrize(
    "pair",
    [
        ("k", "many"),
        ("k", "\u0663"),  # a digit, but not one that an address holds
        ("group", "galaxy"),
        ("sort", "<script>"),
        ("within", "5; drop table"),
        ("picture", "../../etc/passwd"),
        ("face", "../../etc/passwd"),
        ("identity", "perhaps"),
        ("extension", "far"),
        ("page", "-1"),
        ("id", "javascript:alert(1)"),
        ("id", "abc@0/../../v1/collection"),
        ("t", "-5"),
        ("distinct", "alike"),
        ("distinct", "nan"),
        ("distinct", "0.5"),
        ("distinct", "1.01"),
        ("like", "no moment"),
        ("where", "x" * 5000),
        ("person", "../p7"),
        ("hidden", "perhaps"),
    ],
)
def test_what_cannot_be_used_is_left_out_with_a_note(pair: tuple[str, str]) -> None:
    read = read_state([pair])
    assert read.state == State()
    assert len(read.notes) == 1
    assert "<" not in read.notes[0]


def test_numbers_out_of_range_are_brought_into_it() -> None:
    assert read_state([("k", "999999")]).state.k == STEPS[-1]
    assert read_state([("k", "0")]).state.k == 1


def test_a_text_that_is_too_long_is_cut_and_unknown_names_are_let_pass() -> None:
    read = read_state([("text", "y" * 9000), ("utm_source", "mail")])
    assert len(read.state.text) == 2000
    assert read.notes == ("text was cut after 2000 characters",)


def test_surrogates_and_control_characters_vanish() -> None:
    assert read_state([("text", "a\ud800b\x00c")]).state.text == "ab c"


def test_another_question_starts_at_the_first_hits() -> None:
    state = State(text="a", k=240, shot="f@1", time_ms=5, group="video")
    assert state.ask(text="b") == State(text="b", group="video")
    assert state.look("g@2").shot == "g@2"
    assert State(k=60).more().k == 120
    assert State(k=1000).more().k == 1000
