"""What a server has loaded does not hold its queries up."""

import gc
from collections.abc import Iterator

import pytest

from search.api.running import settle_heap


@pytest.fixture
def collector() -> Iterator[None]:
    """As it was, afterwards."""
    threshold = gc.get_threshold()
    yield
    gc.set_threshold(*threshold)
    gc.unfreeze()


@pytest.mark.usefixtures("collector")
def test_a_full_collection_passes_over_a_settled_heap() -> None:
    before: list[object] = [[]]
    settle_heap()
    after: list[object] = [[]]
    seen = {id(each) for each in gc.get_objects()}
    assert id(after) in seen
    assert id(before) not in seen


@pytest.mark.usefixtures("collector")
def test_a_page_of_hits_starts_no_collection() -> None:
    settle_heap()
    started: list[int] = []

    def note(phase: str, info: dict[str, int]) -> None:
        started.append(info["generation"])

    gc.callbacks.append(note)
    try:
        page = [[[]] for _ in range(10_000)]
    finally:
        gc.callbacks.remove(note)
    assert len(page) == 10_000
    assert started == []
