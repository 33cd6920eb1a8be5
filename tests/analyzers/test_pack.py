"""Vocabulary packs: those that are shipped, broken ones, and real vectors."""

import csv
import json
import logging
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analyzers.pack import PackInvalid, find_pack, find_shipped, read_pack
from analyzers.toy import ToyEncoder
from analyzers.zero_shot import encode_names, read_vectors

logger = logging.getLogger(__name__)
LONGEST_PROMPT = 120  # characters; CLIP reads 77 tokens
PICTURES = {
    "123_456": "tabby", "208_495": "boardwalk", "321_421": "palms", "389_535": "motel",
    "416_264": "succulents", "456_123": "kitten", "524_316": "church",
}  # fmt: skip


def write(folder: Path, text: str, name: str = "mine.toml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("name", find_shipped())
def test_a_shipped_pack_is_whole(name: str) -> None:
    pack = read_pack(find_pack(name))
    words = [each.casefold() for each in (*pack.names, *pack.groups, *pack.parents)]
    assert pack.facet == name
    assert pack.title
    assert pack.source
    assert len(set(words)) == len(words)
    known = {*pack.names, *pack.groups, *pack.parents}
    for covered in (*pack.parents.values(), *pack.groups.values()):
        assert set(covered) <= known
    for each, prompts in zip(pack.names, pack.prompts, strict=True):
        assert prompts, each
        for prompt in prompts:
            assert "{" not in prompt
            assert len(prompt) <= LONGEST_PROMPT, prompt


def test_all_that_was_promised_is_shipped() -> None:
    sizes = {name: len(read_pack(find_pack(name)).names) for name in find_shipped()}
    assert sizes["coco_scene"] == 80
    assert sizes["places365"] == 365
    assert sizes["kinetics400"] == 400
    assert sizes["imagenet"] == 1000
    assert {"weather", "time_of_day", "season", "flood", "street_waste", "marine", "shot_size",
            "sports"} <= set(sizes)  # fmt: skip
    assert read_pack(find_pack("places365")).find_wider("kitchen") == ("indoor",)
    assert read_pack(find_pack("marine")).find_wider("stingray") == ("ray", "fish", "animal")


def test_names_become_prompts(tmp_path: Path) -> None:
    pack = read_pack(write(tmp_path, """
facet = "mine"
prompts = ["a photo of a {}.", "{} here"]
names = ["elephant", "couch", "rain"]
[synonyms]
couch = ["sofa"]
[own_prompts]
rain = ["it rains"]
[groups]
big = ["elephant", "couch"]
[parents]
"any" = ["big", "rain"]
"""))  # fmt: skip
    assert pack.prompts == (
        ("a photo of an elephant.", "elephant here"),
        ("a photo of a couch.", "couch here", "a photo of a sofa.", "sofa here"),
        ("it rains",),
    )
    assert pack.title == "mine"
    assert pack.find_common("couch") == "big"
    assert pack.find_common("rain") == "rain"
    assert pack.find_wider("big") == ("any",)
    assert pack.threshold is None


def test_names_are_the_means_of_their_prompts() -> None:
    pack, encoder = read_pack(find_pack("flood")), ToyEncoder()
    vectors = encode_names(pack, encoder)
    assert vectors.shape == (len(pack.names), encoder.space.dim)
    for row, prompts in zip(vectors, pack.prompts, strict=True):
        mean = encoder.encode_texts(prompts).mean(axis=0)
        assert np.allclose(row, mean / np.linalg.norm(mean), atol=1e-6)


GOOD = 'facet = "mine"\nnames = [\n  "a",\n  "b",\n]\n'
BROKEN = {
    "facet = ": (1, "invalid value"),
    'facet = "mine"\nnames = ["a"\nx = 1\n': (3, "unclosed array"),
    'facet = "My facet"\nnames = ["a"]\n': (1, "small letters"),
    'facet = "mine"\nnames = []\n': (2, "at least 1"),
    'facet = "mine"\nnames = [\n"a",\n"b",\n"A"]\n': (5, "'A' stands there twice"),
    'facet = "mine"\nnames = [\n"a",\n"b",\n"a"]\n': (5, "'a' stands there twice"),
    'facet = "mine"\nnames = [\n"a",\n" b"]\n': (4, "needless space"),
    'facet = "mine"\nnames = [\n"a",\n7]\n': (2, "valid string"),
    GOOD + "color = 1\n": (6, "unknown key"),
    GOOD + 'prompts = [\n"x",\n]\n': (7, "needs one {}"),
    GOOD + "threshold = 2\n": (6, "less than or equal to 1"),
    GOOD + "[synonyms]\nc = ['d']\n": (7, "no name 'c'"),
    GOOD + "[own_prompts]\na = ['']\n": (7, "empty"),
    GOOD + "[parents]\nwide = ['a', 'missing']\n": (7, "no name 'missing'"),
    GOOD + "[parents]\nwide = ['wider']\nwider = ['wide']\n": (7, "covers itself"),
    GOOD + "[parents]\na = ['b']\n": (7, "twice"),
    GOOD + "[groups]\none = ['a']\ntwo = ['b', 'a']\n": (8, "in 'one' already"),
    GOOD + 'vectors = "x.npy"\n': (6, "space"),
    GOOD + 'vectors = "x.npy"\nspace = "s"\n': (6, "No such file"),
}


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_pack_is_refused_with_file_and_line(text: str, tmp_path: Path) -> None:
    file = write(tmp_path, text)
    line, reason = BROKEN[text]
    with pytest.raises(PackInvalid) as caught:
        read_pack(file)
    said = str(caught.value)
    assert reason.casefold() in said.casefold()
    assert said.startswith(f"{file}:{line}: "), said
    assert "\n" not in said


def test_what_is_no_pack_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackInvalid, match=r"no pack 'wether'.*weather"):
        find_pack("wether")
    with pytest.raises(PackInvalid, match=r"gone\.toml: No such file"):
        read_pack(find_pack(str(tmp_path / "gone.toml")))
    (tmp_path / "latin.toml").write_bytes(b'facet = "mine"\nnames = ["caf\xe9"]\n')
    with pytest.raises(PackInvalid, match=r"latin\.toml:2: not UTF-8"):
        read_pack(tmp_path / "latin.toml")


def test_vectors_of_its_own_have_to_fit(tmp_path: Path) -> None:
    def fit(
        vectors: np.ndarray[Any, Any], space: str = ToyEncoder().space.name
    ) -> np.ndarray[Any, Any]:
        np.save(tmp_path / "v.npy", vectors)
        pack = read_pack(write(tmp_path, GOOD + f'vectors = "v.npy"\nspace = "{space}"\n'))
        return encode_names(pack, ToyEncoder())

    assert np.allclose(fit(np.float32([[3, 4], [0, 2]])), [[0.6, 0.8], [0, 1]])
    with pytest.raises(PackInvalid, match="vectors of the space other, not"):
        fit(np.ones((2, 2), np.float32), "other")
    with pytest.raises(PackInvalid, match="give 2 rows"):
        fit(np.ones((3, 2), np.float32))
    with pytest.raises(PackInvalid, match="row 1, of 'b', has no length"):
        fit(np.float32([[3, 4], [0, 0]]))


def write_real_packs(folder: Path, material: Path) -> dict[str, Path]:
    """Packs of real class names with their real vectors."""
    real = material / "clip_vectors"
    rows = csv.reader((real / "Objects365_names_fix.csv").read_text(encoding="utf-8").splitlines())
    lvis = json.loads((real / "lvis_v1_train_cat_info.json").read_text(encoding="utf-8"))
    packs = {
        "coco": (list(read_pack(find_pack("coco_scene")).names), "coco_clip_a+cname.npy"),
        "objects365": ([row[2] for row in rows], "o365_clip_a+cnamefix.npy"),
        "lvis": ([each["name"] for each in lvis], "lvis_v1_clip_a+cname.npy"),
    }
    files = {}
    for facet, (names, vectors) in packs.items():
        told = {"facet": facet, "names": names, "vectors": str(real / vectors), "space": "clip"}
        lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in told.items())
        files[facet] = write(folder, lines, f"{facet}.toml")
    return files


def test_real_pictures_get_their_names(tmp_path: Path, material: Path) -> None:
    real = material / "clip_vectors"
    keys = json.loads((real / "pictures.json").read_text(encoding="utf-8"))
    pictures = np.load(real / "pictures.npy")
    first: dict[tuple[str, str], str] = {}
    for facet, file in write_real_packs(tmp_path, material).items():
        pack = read_pack(file)
        cosines = pictures @ read_vectors(pack).T
        for key, row in zip(keys, cosines, strict=True):
            best = np.argsort(-row)[:3]
            first[PICTURES[key], facet] = pack.names[best[0]]
            told = ", ".join(f"{pack.names[one]} {row[one]:.3f}" for one in best)
            logger.info("%s, %s: %s", PICTURES[key], facet, told)
    for cat in ("kitten", "tabby"):
        assert first[cat, "coco"] == "cat"
        assert first[cat, "objects365"].casefold() == "cat"
    assert first["kitten", "lvis"] == "kitten"
    assert first["motel", "lvis"] == "street_sign"
    assert first["palms", "objects365"] == "Coconut"
