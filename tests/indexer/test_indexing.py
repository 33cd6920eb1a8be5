"""The whole of `index` on small made videos, as a user runs it."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bench.videos import write_video
from indexer.collection import Collection
from tests.conftest import COMMAND, plain_frames

Run = Callable[..., Any]


@pytest.fixture
def videos(plain_videos: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(plain_videos, tmp_path / "videos"))


@pytest.fixture
def indexed(shotseek: Run, videos: Path, tmp_path: Path) -> Path:
    assert index(shotseek, videos, tmp_path / "c").code == 0
    return tmp_path / "c"


def index(shotseek: Run, path: Path, collection: Path, *words: object) -> Any:
    return shotseek("index", path, "--encoder", "toy", "--collection", collection, "--json", *words)


def test_index_counts_what_it_added_and_then_skips_it(
    shotseek: Run, videos: Path, tmp_path: Path
) -> None:
    first = index(shotseek, videos, tmp_path / "c")
    again = index(shotseek, videos, tmp_path / "c")
    assert first.json["videos"] == {
        "added": 3, "updated": 0, "unchanged": 0, "moved": 0, "missing": 0, "failed": 0,
    }  # fmt: skip
    assert (first.json["shots"], first.code, again.code) == (5, 0, 0)
    assert again.json["videos"]["unchanged"] == 3
    assert again.json["videos"]["added"] == again.json["videos"]["updated"] == 0
    assert set(first.json["seconds"]["analyzers"]) >= {"toy", "colours"}


def test_a_changed_video_is_indexed_anew(shotseek: Run, videos: Path, indexed: Path) -> None:
    write_video(videos / "green.mp4", plain_frames("red", "blue", "white"))
    ran = index(shotseek, videos, indexed)
    assert (ran.json["videos"]["updated"], ran.json["videos"]["unchanged"]) == (1, 2)
    assert len(shotseek("shots", "green.mp4", "--collection", indexed, "--json").json) == 3


def test_a_touched_video_is_unchanged(shotseek: Run, videos: Path, indexed: Path) -> None:
    os.utime(videos / "green.mp4")
    assert index(shotseek, videos, indexed).json["videos"]["unchanged"] == 3


def test_a_moved_video_is_recognised(shotseek: Run, videos: Path, indexed: Path) -> None:
    (videos / "deeper").mkdir()
    (videos / "green.mp4").rename(videos / "deeper" / "grass.mp4")
    counted = index(shotseek, videos, indexed).json["videos"]
    assert (counted["moved"], counted["added"], counted["missing"]) == (1, 0, 0)
    assert shotseek("shots", "grass.mp4", "--collection", indexed, "--json").code == 0


def test_a_vanished_video_is_reported_and_stays(shotseek: Run, videos: Path, indexed: Path) -> None:
    (videos / "green.mp4").unlink()
    assert index(shotseek, videos, indexed).json["videos"]["missing"] == 1
    hits = shotseek("search", "green", "--collection", indexed, "--json").json["hits"]
    assert "green.mp4" in {hit["video"] for hit in hits}


def test_removing_a_video_takes_everything_of_it(
    shotseek: Run, videos: Path, indexed: Path
) -> None:
    (videos / "green.mp4").unlink()
    with Collection.open_(indexed) as collection:
        uid = collection.find_video("green.mp4").uid
    assert shotseek("remove", "green.mp4", "--collection", indexed).code == 0
    left = [path for path in indexed.rglob("*") if uid in str(path)]
    hits = shotseek("search", "green", "--collection", indexed, "--json").json["hits"]
    assert not left
    assert "green.mp4" not in {hit["video"] for hit in hits}


def test_adding_an_analyzer_runs_only_that_one(shotseek: Run, videos: Path, tmp_path: Path) -> None:
    collection = tmp_path / "c"
    assert index(shotseek, videos, collection, "--analyzers", "colours").code == 0
    added = index(shotseek, videos, collection, "--analyzers", "toy,colours")
    assert added.json["videos"]["updated"] == 3
    assert set(added.json["seconds"]["analyzers"]) == {"toy"}
    hits = shotseek("search", "blue", "--collection", collection, "--json").json["hits"]
    assert hits[0]["video"] == "blue-white.mp4"
    with Collection.open_(collection) as opened:
        runs = opened.catalog.find_runs(opened.find_video("green.mp4"))
    decoders = {run.analyzer: run.decoder for run in runs}
    assert decoders["colours"] == "pyav"
    assert decoders["toy"] in ("decord", "pyav")


def test_a_later_analyzer_sees_what_an_early_one_would_have_seen(
    shotseek: Run, videos: Path, tmp_path: Path
) -> None:
    early, late = tmp_path / "early", tmp_path / "late"
    index(shotseek, videos, early, "--analyzers", "toy")
    index(shotseek, videos, late, "--analyzers", "none")
    index(shotseek, videos, late, "--analyzers", "toy")
    for name in ("red-green.mp4", "blue-white.mp4", "green.mp4"):
        with Collection.open_(early) as one, Collection.open_(late) as two:
            pairs = zip(
                one.find_findings(one.find_video(name)),
                two.find_findings(two.find_video(name)),
                strict=True,
            )
            assert all(abs(a.vector - b.vector).max() < 0.02 for a, b in pairs)


def test_other_shots_are_made_only_when_asked_for(
    shotseek: Run, videos: Path, indexed: Path
) -> None:
    fixed = index(shotseek, videos, indexed, "--shots", "fixed:0.4")
    kept = index(shotseek, videos, indexed)
    assert fixed.json["videos"]["updated"] == 3
    assert kept.json["videos"]["unchanged"] == 3
    shots = shotseek("shots", "green.mp4", "--collection", indexed, "--json").json
    assert len(shots) == 4
    assert all(a["end_ms"] == b["start_ms"] for a, b in pairwise(shots))


def test_bad_files_cost_only_themselves(shotseek: Run, videos: Path, tmp_path: Path) -> None:
    (videos / "empty.mp4").touch()
    (videos / "text.mp4").write_text("this is no video\n" * 100)
    ran = index(shotseek, videos, tmp_path / "c")
    assert ran.code == 3
    assert ran.json["videos"]["added"] == 3
    assert {Path(note["path"]).name for note in ran.json["failures"]} == {"empty.mp4", "text.mp4"}
    assert all(note["reason"] and note["stage"] for note in ran.json["failures"])
    again = index(shotseek, videos, tmp_path / "c")
    assert (again.code, again.json["videos"]["failed"]) == (3, 2)


def test_when_every_video_found_fails_the_exit_code_is_4(
    shotseek: Run, tmp_path: Path, indexed: Path
) -> None:
    (tmp_path / "notes.txt").write_text("no video\n")
    ran = index(shotseek, tmp_path / "notes.txt", indexed)
    assert (ran.code, ran.json["videos"]["failed"]) == (4, 1)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--shots", "sideways"], "sideways"),
        (["--analyzers", "colour"], "colours"),
        (["--profile", "dmo"], "demo"),
        (["--device", "gpu"], "device"),
    ],
)
def test_wrong_settings_stop_before_work_with_one_line(
    shotseek: Run, videos: Path, tmp_path: Path, words: list[str], told: str
) -> None:
    ran = shotseek("index", videos, "--encoder", "toy", "--collection", tmp_path / "c", *words)
    assert ran.code == 2
    assert told in ran.err
    assert "Traceback" not in ran.err
    assert not (tmp_path / "c" / "collection.json").exists()


def test_no_video_found_is_a_usage_error(shotseek: Run, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    ran = index(shotseek, tmp_path / "nothing", tmp_path / "c")
    assert ran.code == 2
    assert len(ran.err.strip().splitlines()) == 1


def test_side_cars_that_come_later_are_read(shotseek: Run, videos: Path, indexed: Path) -> None:
    (videos / "green.en.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nthe grass grows\n")
    assert index(shotseek, videos, indexed).json["videos"]["updated"] == 1
    hits = shotseek("search", "--where", "subtitle=grass", "--collection", indexed, "--json").json[
        "hits"
    ]
    assert [hit["video"] for hit in hits] == ["green.mp4"]
    assert index(shotseek, videos, indexed).json["videos"]["unchanged"] == 3


def test_search_tells_when_its_files_are_older_than_the_collection(
    shotseek: Run, indexed: Path
) -> None:
    with Collection.open_(indexed) as collection:
        collection.remove_video(collection.find_video("green.mp4"))
    stale = shotseek("search", "green", "--collection", indexed, "--json")
    assert stale.json["hits"]
    assert "shotseek rebuild" in stale.err
    assert shotseek("rebuild", "--collection", indexed).code == 0
    fresh = shotseek("search", "green", "--collection", indexed, "--json")
    assert not fresh.err
    assert "green.mp4" not in {hit["video"] for hit in fresh.json["hits"]}


def test_ctrl_c_says_how_to_go_on_and_loses_nothing(
    shotseek: Run, material: Path, tmp_path: Path
) -> None:
    film = material / "videos" / "intel" / "one-by-one-person-detection.mp4"
    flags = ("--encoder", "toy", "--analyzers", "toy", "--collection", tmp_path / "c")
    process = subprocess.Popen(
        [COMMAND, "index", film, *flags],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # Whoever runs the tests in the background may have them ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    while not (tmp_path / "c" / "collection.json").exists():
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "run the same command again" in told
    assert "Traceback" not in told
    assert shotseek("check", "--collection", tmp_path / "c").code == 0
    assert shotseek("index", film, *flags).code == 0


def test_a_corrected_table_of_shots_is_read_again(
    shotseek: Run, videos: Path, tmp_path: Path
) -> None:
    table, c = tmp_path / "given" / "green.tsv", tmp_path / "c"
    table.parent.mkdir()
    film, flags = videos / "green.mp4", ("--analyzers", "none", "--shots", f"given:{table.parent}")
    for cut_at in ("0.4", "0.8"):
        table.write_text(
            f"startframe starttime endframe endtime\n1 0 2 {cut_at}\n3 {cut_at} 4 1.6\n"
        )
        assert index(shotseek, film, c, *flags).code == 0
    again = index(shotseek, film, c, *flags)
    shots = shotseek("shots", "green.mp4", "--collection", c, "--json").json
    assert [shot["start_ms"] for shot in shots] == [0, 800]
    assert again.json["videos"]["unchanged"] == 1
    assert json.loads((c / "collection.json").read_text())["segmenters"] == [
        f"given:{table.parent}"
    ]
