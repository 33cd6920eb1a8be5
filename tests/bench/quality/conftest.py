"""Truths of real films, without the films: enough to make tasks and to rank shots by words."""

from collections.abc import Sequence

import pytest

from bench.world.edition import Edition
from bench.world.making import plan_film, tell
from bench.world.truth import Truth


@pytest.fixture(scope="session")
def films() -> Sequence[Truth]:
    edition = Edition("truths", 3, (0, 0, 8))
    return [tell(plan_film(edition, film)) for film in edition.films]
