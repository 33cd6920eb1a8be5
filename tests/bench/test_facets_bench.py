"""Labels of the made world, judged: the arithmetic, the packs, and the whole verb on one film."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import bench
from analyzers.pack import read_pack
from bench.cli import bench as verbs
from bench.facets.packs import NEITHER, list_asked, write_pack
from bench.facets.run import judge


def pairs_of(*pairs: tuple[str, str]) -> list[tuple[frozenset[str], frozenset[str]]]:
    return [(frozenset(right.split()), frozenset(told.split())) for right, told in pairs]


def test_f1_is_that_of_shots() -> None:
    right = [("red", "red blue")] * 4 + [("red blue", "blue")] * 2 + [("", "red")] * 3
    figures = judge(pairs_of(*right), ("red", "blue"))
    assert set(figures) == {"red"}  # blue is true of two shots only
    assert figures["red"].precision == pytest.approx(4 / 7)
    assert figures["red"].recall == pytest.approx(4 / 6)
    assert figures["red"].f1 == pytest.approx(8 / 13)
    nothing = judge(pairs_of(*[("red", "")] * 5), ("red",))["red"]
    assert (nothing.precision, nothing.recall, nothing.f1) == (0, 0, 0)


def test_the_worlds_packs_are_packs(tmp_path: Path) -> None:
    for asked in list_asked():
        pack = read_pack(write_pack(tmp_path, asked))
        assert pack.names == asked.names
        assert pack.is_exclusive == asked.is_exclusive
        if NEITHER in asked.names:
            assert "in the kitchen" in pack.prompts[pack.names.index(NEITHER)]


@pytest.mark.slow
def test_the_verb_labels_a_film(tmp_path: Path) -> None:
    words = ["facets", "--films", "1", "--folder", str(tmp_path), "--json"]
    done = CliRunner().invoke(verbs, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    page = (Path(bench.__file__).parent / "FIGURES.md").read_text("utf-8")
    documented = json.loads(page.rpartition("```json\n")[2].partition("```")[0])
    assert set(told) == set(documented)
    assert set(told["facets"][0]) == set(documented["facets"][0])
    by_facet = {each["facet"]: each for each in told["facets"]}
    assert set(by_facet) == {"place", "season", "time", "hue", "thing"}
    assert by_facet["place"]["macro_f1"] > 0.5
    assert by_facet["time"]["macro_f1"] > 0.5
