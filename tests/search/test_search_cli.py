"""The verb `search`, as people and scripts use it."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from films import painted
from PIL import Image

import search.cli
from analyzers.error import SettingsError, ShotseekError
from search.asking import NOTHING, Asked, build_options, build_query
from search.hits import SearchResult
from search.listing import show_time, write_hits
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
        ("http://localhost:8000", "searching over HTTP comes with the API"),
        ("https://example.org/c", "searching over HTTP comes with the API"),
        ("nowhere", "run `shotseek rebuild`"),
    ],
)
def test_what_is_no_collection_is_refused(
    capsys: pytest.CaptureFixture[str], folder: str, said: str
) -> None:
    with pytest.raises(ShotseekError, match=said):
        run(capsys, "red", "-c", folder)


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
        ({"text": " "}, "text: "),
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
    ],
)
def test_what_was_asked_wrongly_is_told_in_one_line(flags: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError) as refused:
        tree(**flags)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_empty_picture_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.png").touch()
    with pytest.raises(SettingsError, match=r"--image .*a\.png: the file is empty"):
        tree(image=tmp_path / "a.png")


@pytest.mark.parametrize("flag", [{"k": 10**6}, {"min_score": float("nan")}, {"per_video": 0}])
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
