"""Right answers of a person's own, as a CSV file: what is read, what is refused and where."""

from pathlib import Path

import pytest

from analyzers.error import SettingsError
from bench.evaluate.hits import Goal, Span
from bench.quality.annotations import read_annotations
from bench.quality.dataset import read_own
from search.leaves.image import ImageLeaf
from search.leaves.text import TextLeaf

HEAD = "video,start_ms,end_ms,kind,text\n"


def write(folder: Path, *lines: str, head: str = HEAD) -> Path:
    file = folder / "right.csv"
    file.write_text(head + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return file


def test_every_row_of_a_topic_is_a_goal(tmp_path: Path) -> None:
    file = write(tmp_path, "a.mp4,0,900,topic,dancing", "b.mkv,5,70,topic,dancing")
    (task,) = read_annotations(file)
    assert (task.kind, task.text) == ("avs", "dancing")
    assert task.goals == (Goal((Span("a", 0, 900),)), Goal((Span("b", 5, 70),)))
    assert task.query.root == TextLeaf(text="dancing")


def test_rows_of_one_known_moment_are_one_goal(tmp_path: Path) -> None:
    file = write(tmp_path, "a.mp4,0,9,known,a cake", "b.mp4,1,2,known,a cake", "a.mp4,3,4,known,x")
    one, other = read_annotations(file)
    assert one.goals == (Goal((Span("a", 0, 9), Span("b", 1, 2))),)
    assert (one.kind, other.text) == ("tkis/own", "x")


def test_a_picture_lies_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "cake.jpg").write_bytes(b"as it is")
    (task,) = read_annotations(write(tmp_path, "a.mp4,0,9,picture,cake.jpg"))
    assert task.kind == "vkis"
    assert isinstance(task.query.root, ImageLeaf)


def test_a_file_of_a_spreadsheet_is_read(tmp_path: Path) -> None:
    file = write(tmp_path, '"a, b.mp4",0,9,known,"a cake, cut"', head="\ufeff" + HEAD)
    (task,) = read_annotations(file)
    assert task.goals == (Goal((Span("a, b", 0, 9),)),)
    assert task.text == "a cake, cut"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("a.mp4,0,9,seen,x", r"right\.csv:3: kind: 'seen' is none of known, topic, picture"),
        (",0,9,known,x", r"right\.csv:3: video: there is nothing"),
        ("a.mp4,0,9,known, ", r"right\.csv:3: text: there is nothing"),
        ("a.mp4,0,9", r"right\.csv:3: kind: there is nothing"),
        ("a.mp4,1.5,9,known,x", r"right\.csv:3: start_ms: '1\.5' is no whole number"),
        ("a.mp4,0,-9,known,x", r"right\.csv:3: end_ms: '-9' is no whole number"),
        ("a.mp4,9,9,known,x", r"right\.csv:3: end_ms: 9 does not lie behind start_ms, 9"),
        ("a.mp4,0,9,picture,none.jpg", r"right\.csv: none\.jpg: No such file"),
    ],
)
def test_what_cannot_be_used_is_named_with_line_and_column(
    tmp_path: Path, line: str, message: str
) -> None:
    with pytest.raises(SettingsError, match=message):
        read_annotations(write(tmp_path, "a.mp4,0,9,known,x", line))


def test_a_file_of_another_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"right\.csv:1: the first line lacks end_ms, kind"):
        read_annotations(write(tmp_path, head="video,start_ms,text\n"))
    with pytest.raises(SettingsError, match=r"none\.csv: No such file"):
        read_annotations(tmp_path / "none.csv")
    (tmp_path / "film.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match=r"film\.csv: .*utf-8"):
        read_annotations(tmp_path / "film.csv")


def test_a_dataset_of_ones_own_has_its_tasks_by_kind(tmp_path: Path) -> None:
    file = write(tmp_path, "a.mp4,0,9,known,x", "a.mp4,0,9,topic,y", "a.mp4,0,9,known,z")
    data = read_own(tmp_path / "mine", file)
    assert (data.name, data.films) == ("mine", ())
    assert [task.text for task in data.tasks.known_by_text["own"]] == ["x", "z"]
    assert [task.text for task in data.tasks.topics] == ["y"]
    assert data.tasks.count == 3
