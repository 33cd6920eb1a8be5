"""Facets of a collection: labels from stored vectors, what comes later, what is wrong."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analyzers.encoder import Range, Space
from analyzers.error import SettingsError
from analyzers.finding import Embedding, Label
from analyzers.pack import PackInvalid
from indexer.collection import Collection
from indexer.error import CollectionDamaged, SpaceMismatch
from indexer.facets.commands import print_facets, run_add, run_remove
from indexer.facets.labelling import label_videos, sample_vectors
from indexer.facets.store import read_facets
from indexer.generations.opening import open_generation
from indexer.records import Result

PACK = """
facet = "hue"
exclusive = true
names = ["red", "green", "blue"]
vectors = "hue.npy"
space = "toy"
[parents]
cold = ["green", "blue"]
"""
RED, GREEN, BLUE, NONE = np.eye(4, dtype=np.float32)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    np.save(tmp_path / "hue.npy", np.stack([RED, GREEN, BLUE]))
    file = tmp_path / "hue.toml"
    file.write_text(PACK, encoding="utf-8")
    return file


def film(collection: Collection, maker: Any, name: str, *vectors: Any, take: int = 1) -> None:
    """A video whose keyframes look like these; another take is other content."""
    spans = [(each.start_ms, each.end_ms) for each in maker.keyframes]
    said = [Embedding(*span, "toy", one) for span, one in zip(spans, vectors, strict=False)]
    result = Result("embed:toy", "1", 1.0, said)
    maker.commit(collection, f"/videos/{name}", result, sample_hash=f"{name} {take}")


def labels_of(collection: Collection, name: str) -> list[tuple[int, int, str]]:
    found = collection.find_findings(collection.find_video(name), ["facet:hue"])
    assert all(isinstance(one, Label) and one.vocabulary == "hue" for one in found)
    return [(one.start_ms, one.end_ms, one.name) for one in found if isinstance(one, Label)]


def test_keyframes_are_labelled_and_found_by_it(
    collection: Collection, maker: Any, pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film(collection, maker, "one.mp4", RED, GREEN, BLUE)
    film(collection, maker, "two.mp4", RED)
    assert run_add(collection.folder, str(pack), None, as_json=True) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["videos"], told["keyframes"], told["labels"]) == (2, 4, 6)
    assert labels_of(collection, "one.mp4") == [
        (0, 2_000, "red"), (2_000, 4_000, "cold"), (2_000, 4_000, "green"),
        (4_000, 8_000, "cold"), (4_000, 8_000, "blue"),
    ]  # fmt: skip
    labels = open_generation(collection.folder).labels
    assert labels.find("hue/cold").shots.tolist() == [0, 1]
    assert labels.rows_of("hue/red").rows.tolist() == [0, 3]


def test_what_comes_later_is_labelled_and_the_rest_is_left_alone(
    collection: Collection, maker: Any, pack: Path
) -> None:
    film(collection, maker, "one.mp4", RED, GREEN)
    run_add(collection.folder, str(pack), None, as_json=True)
    facets = read_facets(collection.folder)
    assert label_videos(collection, facets).videos == 0
    film(collection, maker, "two.mp4", BLUE)
    revision = collection.find_video("one.mp4").revision
    done = label_videos(collection, facets)
    assert (done.videos, done.keyframes) == (1, 1)
    assert labels_of(collection, "two.mp4")[-1] == (0, 2_000, "blue")
    assert collection.find_video("one.mp4").revision == revision
    film(collection, maker, "two.mp4", RED, take=2)
    assert label_videos(collection, facets).videos == 1
    assert labels_of(collection, "two.mp4") == [(0, 2_000, "red")]


def test_a_pack_that_changed_labels_anew(collection: Collection, maker: Any, pack: Path) -> None:
    film(collection, maker, "one.mp4", RED, GREEN)
    run_add(collection.folder, str(pack), None, as_json=True)
    pack.write_text(PACK.replace('"green"', '"grass"'), encoding="utf-8")
    run_add(collection.folder, str(pack), None, as_json=True)
    assert {name for *_, name in labels_of(collection, "one.mp4")} == {"red", "grass", "cold"}
    runs = [run for run in collection.catalog.read_runs() if run.analyzer == "facet:hue"]
    assert len(runs) == 1


def test_a_stop_goes_on_where_it_was(collection: Collection, maker: Any, pack: Path) -> None:
    for number in range(4):
        film(collection, maker, f"{number}.mp4", RED, BLUE)

    def stop(done: int, of: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    run_add(collection.folder, str(pack), None, as_json=True)
    collection.remove_findings("facet:hue")
    with pytest.raises(KeyboardInterrupt):
        label_videos(collection, read_facets(collection.folder), stop)
    assert label_videos(collection, read_facets(collection.folder)).videos == 2
    assert all(labels_of(collection, f"{number}.mp4") for number in range(4))


def test_removing_takes_the_labels_along(
    collection: Collection, maker: Any, pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film(collection, maker, "one.mp4", RED)
    run_add(collection.folder, str(pack), None, as_json=True)
    with pytest.raises(SettingsError, match=r"no facet 'hew'.*hue"):
        run_remove(collection.folder, "hew", as_json=True)
    run_remove(collection.folder, "hue", as_json=True)
    assert labels_of(collection, "one.mp4") == []
    assert read_facets(collection.folder) == []
    with pytest.raises(SettingsError, match="it has none"):
        run_remove(collection.folder, "hue", as_json=True)
    capsys.readouterr()
    print_facets(collection.folder, as_json=True)
    assert json.loads(capsys.readouterr().out)["facets"] == []


def test_they_are_listed(
    sqlite_collection: Collection, maker: Any, pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film(sqlite_collection, maker, "one.mp4", RED)
    run_add(sqlite_collection.folder, str(pack), "toy", as_json=False)
    assert "hue: 1 labels on 1 keyframes of 1 videos" in capsys.readouterr().out
    print_facets(sqlite_collection.folder, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert len(told["shipped"]) == 12
    (facet,) = told["facets"]
    assert (facet["facet"], facet["names"], facet["space"], facet["videos"]) == ("hue", 3, "toy", 1)


def test_what_cannot_be_is_refused_before_anything_is_written(
    sqlite_collection: Collection, maker: Any, pack: Path
) -> None:
    folder = sqlite_collection.folder
    with pytest.raises(SettingsError, match="no vectors in the space toy yet"):
        run_add(folder, str(pack), None, as_json=True)
    film(sqlite_collection, maker, "one.mp4", RED)
    with pytest.raises(SettingsError, match="no text-image space 'faces'"):
        run_add(folder, str(pack), "faces", as_json=True)
    with pytest.raises(PackInvalid, match="no pack 'hue'"):
        run_add(folder, "hue", None, as_json=True)
    np.save(pack.with_suffix(".npy"), np.ones((3, 7), np.float32))
    with pytest.raises(SpaceMismatch, match="7 dimensions, the space toy has 4"):
        run_add(folder, str(pack), None, as_json=True)
    assert read_facets(folder) == []


def test_a_damaged_file_of_a_facet_is_named(
    sqlite_collection: Collection, maker: Any, pack: Path
) -> None:
    film(sqlite_collection, maker, "one.mp4", RED)
    run_add(sqlite_collection.folder, str(pack), None, as_json=True)
    file = sqlite_collection.folder / "facets" / "hue.npz"
    file.write_bytes(file.read_bytes()[:300])
    with pytest.raises(CollectionDamaged, match=r"hue\.npz: is damaged"):
        read_facets(sqlite_collection.folder)


def test_damaged_vectors_cost_one_video(
    sqlite_collection: Collection, maker: Any, pack: Path
) -> None:
    for name in ("one.mp4", "two.mp4", "three.mp4"):
        film(sqlite_collection, maker, name, RED)
    run_add(sqlite_collection.folder, str(pack), None, as_json=True)
    sqlite_collection.remove_findings("facet:hue")
    video = sqlite_collection.find_video("two.mp4")
    next((sqlite_collection.folder / "vectors" / "toy").glob(f"{video.uid}*")).write_bytes(b"no")
    done = label_videos(sqlite_collection, read_facets(sqlite_collection.folder))
    assert [path for path, _ in done.failures] == ["/videos/two.mp4"]
    assert done.videos == 2


def test_crops_are_not_labelled(sqlite_collection: Collection, maker: Any, pack: Path) -> None:
    box = (0.1, 0.1, 0.5, 0.5)
    said = [Embedding(0, 2_000, "toy", RED), Embedding(0, 2_000, "toy", BLUE, box),
            Embedding(0, 2_000, "toy", BLUE, None, "t1")]  # fmt: skip
    maker.commit(sqlite_collection, "/videos/one.mp4", Result("embed:toy", "1", 1.0, said))
    run_add(sqlite_collection.folder, str(pack), None, as_json=True)
    assert labels_of(sqlite_collection, "one.mp4") == [(0, 2_000, "red")]
    assert len(sample_vectors(sqlite_collection, "toy")) == 1


def test_names_are_encoded_by_the_encoder_of_the_space(tmp_path: Path, maker: Any) -> None:
    from analyzers.toy import ToyEncoder

    encoder = ToyEncoder()
    plain = np.zeros((2, 32, 32, 3), np.uint8)
    plain[0, :, :, 0] = plain[1, :, :, 2] = 255
    red, blue = encoder.encode_images(list(plain))
    file = tmp_path / "hue.toml"
    file.write_text('facet = "hue"\nexclusive = true\nprompts = ["{}"]\nnames = ["red", "blue"]\n')
    with Collection.create(tmp_path / "c") as made:
        made.add_space(Space("toy", encoder.space.dim, "toy", Range(0, 1), Range(0, 1)))
        film(made, maker, "one.mp4", red, blue)
        run_add(made.folder, str(file), None, as_json=True)
        assert labels_of(made, "one.mp4") == [(0, 2_000, "red"), (2_000, 4_000, "blue")]
