"""A small collection to ask, and the helpers beside these tests within reach by name."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.generations.generation import Generation
from indexer.generations.writing import build_in_memory, write_generation
from search.engine import SearchEngine
from search.hits import SearchResult
from search.options import SearchOptions
from search.query import Query

sys.path.insert(0, str(Path(__file__).parent))

from films import film_content


@pytest.fixture(scope="session")
def films() -> Generation:
    """Four short films of plain colours, with words, labels and measures."""
    return build_in_memory(film_content())


@pytest.fixture(scope="session")
def film_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as a collection's folder that holds nothing but a generation."""
    folder = tmp_path_factory.mktemp("films")
    write_generation(folder, film_content())
    return folder


@pytest.fixture(scope="session")
def engine(films: Generation) -> SearchEngine:
    """An engine over the films; texts and pictures are compared by colour."""
    return SearchEngine(films)


Ask = Callable[..., SearchResult]


@pytest.fixture(scope="session")
def ask(engine: SearchEngine) -> Ask:
    """Ask for a root, given as plain values: `ask({"kind": "text", ...}, k=3)`."""

    def search(root: dict[str, object], **options: object) -> SearchResult:
        query = Query.model_validate({"root": root})
        return engine.search(query, SearchOptions.model_validate(options))

    return search
