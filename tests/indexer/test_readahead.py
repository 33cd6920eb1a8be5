import threading
from collections.abc import Iterator

import pytest

from indexer.filling.readahead import AHEAD, ReadAhead


def letters(word: str) -> Iterator[tuple[str, str]]:
    return ((word, letter) for letter in word)


def taken(items: list[str], workers: int) -> list[tuple[str, str]]:
    events = []
    with ReadAhead(items, letters, workers) as ahead:
        while (event := ahead.next()) is not None:
            events.append(event)
    return events


@pytest.mark.parametrize("workers", [1, 3, 8])
def test_every_event_comes_once_and_in_order_within_its_item(workers: int) -> None:
    items = ["keyframe", "shot", "", "generation"]
    events = taken(items, workers)
    assert sorted(events) == sorted(pair for item in items for pair in letters(item))
    for item in items:
        assert "".join(letter for name, letter in events if name == item) == item


def test_nothing_to_read_ends_at_once() -> None:
    assert taken([], 2) == []


def test_it_reads_only_a_bounded_stretch_ahead() -> None:
    made = []

    def endless(item: str) -> Iterator[int]:
        for number in range(10_000):
            made.append(number)
            yield number

    with ReadAhead(["one"], endless, 1) as ahead:
        assert ahead.next() == 0
        threading.Event().wait(0.3)
        assert len(made) <= AHEAD + 3


def test_an_exception_in_a_thread_is_raised_where_events_are_taken() -> None:
    def broken(item: str) -> Iterator[str]:
        yield item
        raise RuntimeError("broken")

    with ReadAhead(["one"], broken, 1) as ahead:
        assert ahead.next() == "one"
        with pytest.raises(RuntimeError, match="broken"):
            ahead.next()


def test_leaving_early_stops_the_threads() -> None:
    before = threading.active_count()
    with ReadAhead(["a" * 100_000] * 3, letters, 3) as ahead:
        ahead.next()
    assert threading.active_count() == before
