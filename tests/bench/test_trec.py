"""Run and judgement files of TREC and TRECVID."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.evaluate.trec import (
    Judgement,
    RunLine,
    RunUnreadable,
    list_run,
    mark_run,
    read_judgements,
    read_run,
    score_run,
    write_judgements,
    write_run,
)

RUN = """1591 Q0 shot00012_3 1 0.9 ours
1591 Q0 shot00044_1 2 0.7 ours

1592 Q0 shot00001_1 1 12.5 ours
"""
QRELS = "1591 0 shot00044_1 1\n1591\t0\tshot00099_9\t1\n1591 0 shot00012_3 0\n1593 0 shot1_1 1\n"
NAMES = st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=8)


def write(folder: Path, text: str) -> Path:
    path = folder / "file.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_run_is_read_in_its_order(tmp_path: Path) -> None:
    run = read_run(write(tmp_path, RUN))
    assert run[1] == RunLine("1591", "shot00044_1", 2, 0.7, "ours")
    assert [line.topic for line in run] == ["1591", "1591", "1592"]


def test_judgements_are_read_in_their_order(tmp_path: Path) -> None:
    judged = read_judgements(write(tmp_path, QRELS))
    assert judged[1] == Judgement("1591", "shot00099_9", 1)
    assert len(judged) == 4


@given(
    st.dictionaries(
        st.tuples(NAMES, NAMES), st.tuples(st.floats(allow_nan=False), st.integers(-2, 4))
    )
)
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory,
    shots: dict[tuple[str, str], tuple[float, int]],
) -> None:
    path = tmp_path_factory.mktemp("trec") / "file.txt"
    run = tuple(
        RunLine(topic, shot, rank, score, "ours")
        for rank, ((topic, shot), (score, _)) in enumerate(shots.items(), 1)
    )
    write_run(path, run)
    assert read_run(path) == run
    judged = tuple(Judgement(topic, shot, right) for (topic, shot), (_, right) in shots.items())
    write_judgements(path, judged)
    assert read_judgements(path) == judged


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (RUN + "1592 Q0 shot2 2 0.5\n", "line 5: .* are 6 fields, here are 5"),
        ("1 Q0 shot2 first 0.5 ours\n", "line 1: the rank is `first`"),
        ("1 Q0 shot2 1 high ours\n", "line 1: the score is `high`"),
        ("1 Q0 shot2 1 nan ours\n", "line 1: the score is nan"),
        ("1 Q0 a 1 2 ours\n1 Q0 a 2 1 ours\n", "line 2: topic 1 has shot a a second time"),
    ],
)
def test_a_bad_line_of_a_run_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(RunUnreadable, match=message) as told:
        read_run(write(tmp_path, text))
    assert str(tmp_path / "file.txt") in str(told.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (QRELS + "1 0 shot\n", "line 5: .* are 4 fields, here are 3"),
        ("1 0 shot yes\n", "line 1: the relevance is `yes`"),
        ("1 0 a 1\n\n1 0 a 0\n", "line 3: topic 1 has shot a a second time"),
    ],
)
def test_a_bad_judgement_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(RunUnreadable, match=message):
        read_judgements(write(tmp_path, text))


def test_a_file_that_is_absent_or_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(RunUnreadable, match=r"absent\.txt: cannot be read"):
        read_run(tmp_path / "absent.txt")
    (tmp_path / "bytes.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RunUnreadable, match=r"bytes\.txt: cannot be read"):
        read_judgements(tmp_path / "bytes.txt")


@pytest.mark.parametrize("name", ["", "two words", " left", "line\n"])
def test_a_name_that_would_break_the_line_is_not_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="cannot be a field"):
        write_run(tmp_path / "run.txt", [RunLine("1", name, 1, 0.5, "ours")])
    assert not (tmp_path / "run.txt").exists()


def test_a_run_is_scored_by_hand() -> None:
    """Topic 1: a wrong, b right, c not judged, d right, of three right ones; topic 2 not answered.

    AP of topic 1 is (1/2 + 2/4) / 3; recall 2/3. Topic 3 has nothing right and is left out.
    """
    run = list_run("1", "ours", [("a", 4.0), ("b", 3.0), ("c", 2.0), ("d", 1.0)])
    judged = [
        *(Judgement("1", shot, right) for shot, right in (("a", 0), ("b", 1), ("d", 2), ("e", 1))),
        Judgement("2", "a", 1),
        Judgement("3", "a", 0),
    ]
    figures = score_run(run, judged)
    assert figures.n == 2
    assert figures.map == pytest.approx((1 / 2 + 2 / 4) / 3 / 2)
    assert figures.recall_100 == pytest.approx(2 / 3 / 2)


def test_scores_order_a_list_ranks_do_not_and_equals_count_against_the_run() -> None:
    run = [RunLine("1", "low", 1, 0.1, "t"), RunLine("1", "right", 2, 0.5, "t")]
    judged = [Judgement("1", "right", 1)]
    assert mark_run(run, judged)[0]["1"] == [True, False]
    tied = [RunLine("1", "right", 1, 0.5, "t"), RunLine("1", "other", 2, 0.5, "t")]
    assert mark_run(tied, judged)[0]["1"] == [False, True]
    assert mark_run(run, judged, depth=1)[0]["1"] == [True]
