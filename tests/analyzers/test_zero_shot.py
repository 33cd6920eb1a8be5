"""Labels from vectors alone: exclusive packs, others, what covers several names."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from analyzers.pack import Pack, find_pack, read_pack
from analyzers.zero_shot import MOST, Labeller, Scale, measure_scale, read_vectors

NAMES = np.eye(3, 4, dtype=np.float32)  # a, b, c


def make_pack(folder: Path, more: str = "", names: str = '["a", "b", "c"]') -> Pack:
    file = folder / "mine.toml"
    file.write_text(f'facet = "mine"\nnames = {names}\n{more}', encoding="utf-8")
    return read_pack(file)


def told(labeller: Labeller, *vectors: list[float]) -> list[dict[str, float]]:
    found = labeller.label(np.array(vectors, np.float32))
    answers: list[dict[str, float]] = [{} for _ in vectors]
    columns = (found.rows.tolist(), found.columns.tolist(), found.scores.tolist())
    for row, column, score in zip(*columns, strict=True):
        answers[row][labeller.names[column]] = score
    return answers


def flat(spread: float = 0.1, middle: float = 0.0) -> Scale:
    return Scale(np.full(3, middle), np.full(3, spread))


def test_of_an_exclusive_pack_one_is_told_or_none(tmp_path: Path) -> None:
    labeller = Labeller(make_pack(tmp_path, "exclusive = true"), NAMES, flat())
    clear, doubtful = told(labeller, [0.9, 0.1, 0, 0.4], [0.5, 0.5, 0.5, 0.5])
    assert list(clear) == ["a"]
    assert clear["a"] > 0.99
    assert doubtful == {}


def test_of_another_each_name_stands_for_itself(tmp_path: Path) -> None:
    labeller = Labeller(make_pack(tmp_path), NAMES, flat(0.1, 0.2))
    several, edge, none = told(labeller, [0.7, 0.6, 0.1, 0], [0.4501, 0.4499, 0, 0], [0, 0, 0, 1])
    assert list(several) == ["a", "b"]
    assert several["a"] > several["b"] > 0.9
    assert list(edge) == ["a"]  # two and a half spreads above the middle
    assert edge["a"] == pytest.approx(0.5, abs=0.01)
    assert none == {}


def test_what_covers_names_has_their_sum_or_their_largest(tmp_path: Path) -> None:
    more = '[parents]\nwide = ["a", "pair"]\n[groups]\npair = ["b", "c"]\n'
    open_ = Labeller(make_pack(tmp_path, more), NAMES, flat())
    assert open_.names == ("a", "pair", "wide")
    (found,) = told(open_, [0.1, 0.3, 0.5, 0])
    assert list(found) == ["pair", "wide"]
    assert found["pair"] == found["wide"]
    one = Labeller(make_pack(tmp_path, "exclusive = true\n" + more), NAMES, flat())
    (shares,) = told(one, [0.0, 0.5, 0.5, 0])
    assert shares["pair"] > 0.99
    assert shares["wide"] == pytest.approx(1, abs=1e-6)


def test_thresholds_of_a_pack_and_of_a_name(tmp_path: Path) -> None:
    pack = make_pack(tmp_path, "threshold = 0\n[thresholds]\nb = 0.99\n")
    (found,) = told(Labeller(pack, NAMES, flat()), [0, 0.3, 0, 0])
    assert set(found) == {"a", "c"}


def test_a_picture_has_ten_labels_at_most(tmp_path: Path) -> None:
    names = json.dumps([f"n{number}" for number in range(15)])
    pack = make_pack(tmp_path, "threshold = 0", names)
    scale = Scale(np.zeros(15), np.ones(15))
    (found,) = told(
        Labeller(pack, np.eye(15, dtype=np.float32), scale), list(np.linspace(0, 1, 15))
    )
    assert list(found) == [f"n{number}" for number in range(14, 14 - MOST, -1)]
    assert told(Labeller(pack, np.eye(15, dtype=np.float32), scale)) == []


def draw(count: int, share: float) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Pictures of which a share shows the name along the first axis."""
    random = np.random.default_rng(1)
    shows = random.random(count) < share
    vectors = random.normal(0, 0.05, (count, 4)).astype(np.float32)
    vectors[:, 0] += np.where(shows, 0.4, 0.1)
    return vectors, shows


@pytest.mark.parametrize("share", [0.01, 0.1, 0.3])
def test_the_scale_is_that_of_pictures_that_do_not_show_the_name(
    share: float, tmp_path: Path
) -> None:
    pack = make_pack(tmp_path, names='["a"]')
    vectors, shows = draw(20_000, share)
    scale = measure_scale(pack, NAMES[:1], vectors)
    assert scale.middle[0] == pytest.approx(0.1, abs=0.03)
    assert scale.spread[0] == pytest.approx(0.05, abs=0.015)
    found = Labeller(pack, NAMES[:1], scale).label(vectors).rows
    assert shows[found].mean() > (0.55 if share < 0.05 else 0.9)
    assert np.isin(np.flatnonzero(shows), found).mean() > 0.95


def test_pictures_that_are_all_alike_break_nothing(tmp_path: Path) -> None:
    alike = np.repeat(np.float32([[1, 0, 0, 0]]), 5, axis=0)
    for more in ("", "exclusive = true"):
        pack = make_pack(tmp_path, more)
        labeller = Labeller(pack, NAMES, measure_scale(pack, NAMES, alike))
        with np.errstate(over="ignore"):
            assert np.isfinite(labeller.label(alike).scores).all()


def test_real_cats_are_cats(tmp_path: Path, material: Path) -> None:
    real = material / "clip_vectors"
    file = tmp_path / "coco.toml"
    names = list(read_pack(find_pack("coco_scene")).names)
    vectors = str(real / "coco_clip_a+cname.npy")
    told_of = {"facet": "coco", "names": names, "vectors": vectors, "space": "clip"}
    lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in told_of.items())
    file.write_text("exclusive = true\n" + lines, encoding="utf-8")
    pack = read_pack(file)
    pictures = np.load(real / "pictures.npy")
    scale = measure_scale(pack, read_vectors(pack), pictures)
    found = Labeller(pack, read_vectors(pack), scale).label(pictures)
    keys = json.loads((real / "pictures.json").read_text(encoding="utf-8"))
    first = {keys[row]: pack.names[at] for row, at in zip(found.rows, found.columns, strict=True)}
    assert first["123_456"] == first["456_123"] == "cat"
