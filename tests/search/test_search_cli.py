"""The verb `search`, as people and scripts use it."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from films import look_at, make_film, painted
from PIL import Image

import search.cli
from analyzers.error import SettingsError, ShotseekError
from analyzers.toy import ToyEncoder
from indexer.collection_file import CollectionFile, write_collection_file
from indexer.error import CollectionMissing
from indexer.generations.generation import Generation
from indexer.generations.plain_content import content_of
from indexer.generations.writing import write_generation
from search.asking import NOTHING, Asked, build_options, build_query
from search.engine import SearchEngine
from search.hits import SearchResult
from search.listing import show_time, write_answer, write_hits
from search.where import KnownNames

Shotseek = Callable[..., Any]
Ask = Callable[..., SearchResult]
KNOWN = KnownNames(("coco/person",), ("brightness",))


def tree(**flags: Any) -> dict[str, Any]:
    return build_query(Asked(**flags), KNOWN).model_dump(mode="json", exclude_defaults=True)["root"]


def test_it_prints_each_hit_on_a_line(shotseek: Shotseek, film_folder: Path) -> None:
    ran = shotseek("search", "white", "--collection", film_folder, "-k", 2)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "   1  1.000  parade.mp4     0:02.000-0:03.000      white 1.00",
        "   2  1.000  sea/night.mp4  0:00.000-0:01.000      white 1.00",
    ]


def test_json_is_one_object(shotseek: Shotseek, film_folder: Path) -> None:
    found = shotseek(
        "search", "red", "--where", "read=entry", "--collection", film_folder, "--json"
    ).json
    assert list(found) == ["hits", "space", "took_ms", "total", "generation", "cursor", "notes"]
    assert list(found["hits"][0]) == [
        *("rank", "video", "video_id", "shot", "start_ms", "end_ms", "time_ms", "score", "why"),
    ]
    assert [hit["shot"] for hit in found["hits"]] == ["a1@1000"]
    assert (found["space"], found["total"]) == ("toy", 1)


def test_a_user_error_is_one_line_and_exit_2(shotseek: Shotseek, film_folder: Path) -> None:
    ran = shotseek("search", "--where", "colur=red", "--collection", film_folder)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "shotseek: --where colur: there is no such key here; the nearest is colour\n"


def run(capsys: pytest.CaptureFixture[str], *words: object) -> Any:
    """Run the verb in this process and read its JSON."""
    import typer

    app = typer.Typer()
    app.command()(search.cli.search)
    app([*map(str, words), "--json"], standalone_mode=False)
    return json.loads(capsys.readouterr().out)


def test_flags_of_the_list_reach_the_engine(
    capsys: pytest.CaptureFixture[str], film_folder: Path
) -> None:
    flags = ["-c", film_folder, "--group", "video", "--per-video", 1, "--sort", "time"]
    found = run(capsys, "blue", *flags, "-k", 2, "--min-score", "0.5", "--space", "toy")
    assert [hit["shot"] for hit in found["hits"]] == ["a1@1000", "b2@2000"]
    first = run(capsys, "red", "-c", film_folder, "-k", 1)
    second = run(capsys, "red", "-c", film_folder, "-k", 1, "--cursor", first["cursor"])
    assert second["hits"][0]["rank"] == 2


def test_a_picture_a_moment_and_a_tree_are_asked(
    capsys: pytest.CaptureFixture[str], film_folder: Path, tmp_path: Path
) -> None:
    Image.fromarray(painted("white")).save(tmp_path / "white.png")
    found = run(capsys, "-c", film_folder, "--image", tmp_path / "white.png")
    assert found["hits"][0]["shot"] == "a1@2000"
    (tmp_path / "query.json").write_text('{"kind": "colour", "name": "black"}')
    found = run(capsys, "-c", film_folder, "--query", tmp_path / "query.json")
    assert [hit["shot"] for hit in found["hits"]] == ["b2@0", "b2@1000"]
    found = run(capsys, "-c", film_folder, "--like", "sea/night.mp4@0:00.2")
    assert [hit["shot"] for hit in found["hits"]][:2] == ["a1@2000", "c3@0"]


def test_a_tree_comes_through_a_pipe(film_folder: Path) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("shotseek"), "search", "-c", film_folder, "--query", "-"],
        input='{"root": {"kind": "label", "name": "coco/person", "op": ">=", "count": 2}}',
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "   1  1.000  parade.mp4  0:00.000-0:01.000      coco/person >= 2\n"


@pytest.mark.parametrize(
    ("folder", "said"),
    [
        ("nowhere", "no collection there; make one with `shotseek index PATH"),
        (__file__, "no collection there; make one"),
    ],
)
def test_what_is_no_collection_is_refused(
    capsys: pytest.CaptureFixture[str], folder: str, said: str
) -> None:
    with pytest.raises(ShotseekError, match=said):
        run(capsys, "red", "-c", folder)


def test_a_collection_without_search_files_is_told_apart(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with pytest.raises(CollectionMissing, match="no collection there"):
        run(capsys, "red", "-c", tmp_path)
    write_collection_file(tmp_path, CollectionFile(id="a"))
    with pytest.raises(
        ShotseekError, match=r"no search files yet; .* run it again, else: shotseek"
    ):
        run(capsys, "red", "-c", tmp_path)


def test_text_picture_moment_and_filters_make_the_first_stage(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"data")
    whole = tree(
        text="red",
        image=tmp_path / "a.png",
        like="a.mp4@1:00",
        where=("colour=red", "width>9"),
        then=("blue", "white"),
        within="2.5",
    )
    assert (whole["within_ms"], len(whole["stages"])) == (2500, 3)
    first = whole["stages"][0]["children"]
    assert first[0] == {"text": "red"}
    assert first[1] == {"picture": "ZGF0YQ==", "name": "a.png"}
    assert first[2] == {"video": "a.mp4", "time_ms": 60_000}
    assert first[3:] == [{"name": "red"}, {"field": "width", "op": ">", "value": 9.0}]
    assert whole["stages"][1:] == [{"text": "blue"}, {"text": "white"}]


def test_one_thing_asked_is_the_root_itself() -> None:
    assert tree(text="red") == {"text": "red"}
    assert tree(where=("colour=red",), then=("blue",)) == {
        "stages": [{"name": "red"}, {"text": "blue"}]
    }


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ({}, NOTHING),
        ({"text": " "}, "text: an empty text finds nothing: say what"),
        ({"image": Path("/dev/null")}, "--image /dev/null: the picture is empty"),
        ({"like": "@3"}, "write VIDEO@SECONDS"),
        ({"then": ("a",)}, "--then needs something to follow"),
        ({"text": "a", "within": "3"}, "--within says how soon"),
        ({"text": "a", "then": ("b",), "within": "soon"}, "--within soon: a time is seconds"),
        ({"text": "a", "query": "-"}, "leave out the text and other flags"),
        ({"query": "nowhere.json"}, "--query nowhere.json: No such file"),
        ({"image": Path("nowhere.png")}, "--image nowhere.png: No such file"),
        ({"image": Path()}, "--image .: Is a directory"),
        ({"like": "a.mp4"}, "write VIDEO@SECONDS"),
        ({"like": "a.mp4@soon"}, "--like a.mp4@soon: a time is seconds"),
        ({"where": ("x",)}, "write KEY=VALUE"),
        ({"where": ("width>9",) * 65}, "64"),
        ({"where": ("person=Ann",), "identity": False}, "--no-identity: it says how a filter"),
        ({"text": "a", "gaps": False}, "--no-gaps: it says how a filter does="),
        ({"text": "a", "extension": "off"}, "--extension: it says how a filter does="),
        ({"where": ("does=: a walk",)}, "PERSON may be left out where pictures of a face are"),
        ({"face": ("x y",)}, "face: String should match"),
        ({"face": ("0a",) * 17}, "face: "),
    ],
)
def test_what_was_asked_wrongly_is_told_in_one_line(flags: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError) as refused:
        tree(**flags)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_empty_picture_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.png").touch()
    with pytest.raises(SettingsError, match=r"--image .*a\.png: the picture is empty"):
        tree(image=tmp_path / "a.png")


NO_UTF8 = "bad\udcff\udcfe.mp4"


@pytest.fixture(scope="module")
def odd_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One film, whose name is no UTF-8."""
    folder = tmp_path_factory.mktemp("odd")
    film = make_film("e5", NO_UTF8, 1, look_at("red"))
    write_generation(folder, content_of([film], [ToyEncoder().space]))
    return folder


@pytest.mark.parametrize("words", [("--where", f"video={NO_UTF8}"), ("--like", f"{NO_UTF8}@0.5")])
def test_a_video_is_named_by_what_is_no_utf8(
    shotseek: Shotseek, odd_folder: Path, words: tuple[str, str]
) -> None:
    found = shotseek("search", "-c", odd_folder, *words, "--json")
    assert (found.code, found.err) == (0, "")
    assert found.json["hits"][0]["shot"] == "e5@0"
    video = found.json["hits"][0]["video"]
    again = shotseek("search", "-c", odd_folder, "--where", f"video={video}", "--json")
    assert again.json["total"] == 1


def test_json_names_what_is_no_utf8_so_that_it_can_be_handed_back(
    capfd: pytest.CaptureFixture[str], films: Generation
) -> None:
    names = (NO_UTF8, *films.videos.name[1:])
    engine = SearchEngine(replace(films, videos=replace(films.videos, name=names)))
    asked = build_query(Asked(where=(f"video={NO_UTF8}",)), KNOWN)
    write_answer(engine.search(asked), as_json=True)
    said = capfd.readouterr().out
    assert said.isascii()
    assert {hit["video"] for hit in json.loads(said)["hits"]} == {NO_UTF8}


def test_a_picture_is_named_by_what_is_no_utf8(tmp_path: Path) -> None:
    path = tmp_path / "a\udcff.png"
    path.write_bytes(b"data")
    assert tree(image=path)["name"] == r"a\udcff.png"


def test_what_is_no_picture_is_refused_by_name(
    capsys: pytest.CaptureFixture[str], film_folder: Path
) -> None:
    with pytest.raises(
        ShotseekError, match=f"^{Path(__file__).name} cannot be read as a picture: it is none"
    ):
        run(capsys, "-c", film_folder, "--image", __file__)


def pour(film_folder: Path, to: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Search all the films in a shell that leads the answer elsewhere."""
    words = [str(Path(sys.executable).with_name("shotseek")), "search", "--where", "size>0"]
    line = shlex.join([*words, "-c", str(film_folder)])
    command = ["bash", "-c", f"set -o pipefail; {line} {to}"]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **env}
    )


def test_who_stops_reading_has_what_was_wanted(film_folder: Path) -> None:
    ran = pour(film_folder, "--json | true")
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize("form", ["--json", ""])
def test_a_full_disk_is_told_in_one_line(film_folder: Path, form: str) -> None:
    ran = pour(film_folder, f"{form} > /dev/full")
    said = "shotseek: the hits cannot be written: No space left on device\n"
    assert (ran.returncode, ran.stderr) == (2, said)


def test_hits_are_told_to_those_who_read_ascii(tmp_path: Path) -> None:
    film = make_film("e5", "été.mp4", 1)
    write_generation(tmp_path, content_of([film], []))
    ran = pour(tmp_path, "", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert r"\xe9t\xe9.mp4" in ran.stdout


@pytest.mark.parametrize(
    "flag", [{"k": 10**6}, {"min_score": float("nan")}, {"per_video": 0}, {"distinct": 0.5}]
)
def test_a_flag_out_of_range_is_told_in_one_line(flag: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match=f"^{next(iter(flag))}: Input should be"):
        build_options(flag)


class Screen:
    """Takes what is written to a terminal."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None:
        """Nothing waits."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_a_table(ask: Ask) -> None:
    screen = Screen()
    write_hits(ask({"kind": "words", "text": "entry", "where": "read"}), screen)  # type: ignore[arg-type]
    assert "rank" in screen.text
    assert 'read "No entry after dark"' in screen.text


def test_a_reason_is_short_and_names_what_held(
    ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    either = [{"kind": "label", "name": "coco/dog"}, {"kind": "text", "text": "red"}]
    parts = [{"kind": "any_of", "children": either}, {"kind": "not", "child": either[0]}]
    write_hits(ask({"kind": "all_of", "children": parts}, k=1))
    assert capsys.readouterr().out.endswith("red 1.00\n")
    write_hits(ask({"kind": "label", "name": "coco/dog"}))
    assert capsys.readouterr().out == "no hits\n"


@pytest.mark.parametrize(
    ("ms", "text"), [(0, "0:00.000"), (61_005, "1:01.005"), (3_600_000, "1:00:00.000")]
)
def test_times_are_shown_in_minutes(ms: int, text: str) -> None:
    assert show_time(ms) == text


def test_importing_the_verb_wakes_nothing() -> None:
    code = (
        "import sys, search.cli;"
        "print([n for n in ('numpy', 'pydantic', 'rich', 'search.engine') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
