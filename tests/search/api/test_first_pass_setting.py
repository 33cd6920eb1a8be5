"""What `serve` is told of a first pass is how it opens search files."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.collection import Collection
from indexer.generations import vector_writing
from indexer.generations.build import build_generation
from search.api.current import CurrentEngine
from search.api.settings import read_serve_settings
from search.api.shelf import Shelf


def test_search_files_are_opened_as_the_server_is_told(
    small_collection: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(vector_writing, "EXACT_MOST", 0)
    folder = Path(shutil.copytree(small_collection, tmp_path / "coded"))

    def score(choice: str) -> NDArray[np.float32]:
        settings = read_serve_settings({"first_pass": choice, "device": "cpu"}, {})
        current = CurrentEngine(folder, settings, lambda id: b"", Shelf(collection, []))
        (space,) = current.get().generation.spaces.values()
        return space.row_scores(np.eye(space.space.dim, dtype=np.float32)[:1])

    with Collection.open_(folder) as collection:
        build_generation(collection)
        rough, exact, ruled = (score(choice) for choice in ("always", "never", "auto"))
    assert (exact == ruled).all()  # a few vectors only
    assert (rough != exact).any()
    np.testing.assert_allclose(rough, exact, atol=0.2)
