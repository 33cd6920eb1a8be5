"""CVHunter's logs analysed again: the published figures, and a small log worked by hand."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from bench.replay import FeedbackSession, ReplayFigures, replay
from bench.replay_log import MISSED, LogUnreadable, read_logs

HEAD = "name;ts1;ts2;GT;LogSize;Rank GT+2x5s;Rank;VideoRank;time;ts;category;type;query;filter"
TABLE_2 = {
    ("v01", 1): ([4855, 3436, 1177], [[2, 3], [3, 2]]),
    ("t08", 1): ([1018, 122], [[1, 1]]),
    ("v02", 1): ([843, 384], [[2, 0]]),
    ("v04", 1): ([74, 22], [[1, 1]]),
    ("v08", 1): ([9437, None], [[1, 1]]),
    ("v09", 1): ([22, 5], [[1, 1]]),
    ("t06", 2): ([549, 1261, 4532], [[1, 0], [0, 1]]),
    ("v01", 2): ([909, 176, 37], [[1, 0], [2, 0]]),
    ("v06", 2): ([5214, 955, 194, 43, 19], [[1, 0]] * 4),
    ("v08", 2): ([928, 9], [[1, 1]]),
}


@pytest.fixture(scope="module")
def figures(material: Path) -> ReplayFigures:
    return replay(material / "cvhunter")


def test_the_text_queries_are_those_of_table_1(figures: ReplayFigures) -> None:
    told = figures.to_json()
    assert told["text_queries"] == 129
    assert told["per_operator"] == [69, 60]
    assert told["median_rank"] == [730, 1154]
    assert told["temporal_share"] == ["46/69", "29/60"]
    one, two = figures.operators
    assert (round(one.mean_words, 2), round(one.mean_characters, 2)) == (10.97, 57.90)
    assert (round(two.mean_words, 2), round(two.mean_characters, 2)) == (6.97, 38.27)
    assert one.below == one.within == (9, 10, 11, 14, 15, 28)
    assert two.below == (5, 8, 9, 11, 11, 17)
    assert two.within == (7, 9, 9, 11, 11, 17)
    assert (one.missed, two.missed) == (8, 11)


def test_longer_queries_rank_better_as_published(figures: ReplayFigures) -> None:
    assert figures.correlated_queries == 114
    told = figures.to_json()["correlations"]
    assert told == [pytest.approx(-0.4225, abs=5e-5), pytest.approx(-0.3892, abs=5e-5)]


def test_temporal_feedback_is_that_of_table_2(figures: ReplayFigures) -> None:
    told = figures.to_json()
    assert (told["feedback_sessions"], told["temporal_sessions"]) == (15, 12)
    assert told["temporal_medians"] == [918.5, 280, 83]
    temporal = [row for row in told["feedback"] if row["temporal"]]
    named = {(row["task"][-3:], row["operator"]): row for row in temporal}
    for key, (ranks, examples) in TABLE_2.items():
        assert (named[key]["ranks"], named[key]["examples"]) == (ranks, examples), key
    twice = [row["ranks"] for row in temporal if row["task"].endswith("v05")]
    assert twice == [[7576, 4323], [704, 44]]


def test_plain_feedback_is_told_apart(figures: ReplayFigures) -> None:
    plain = [row["ranks"] for row in figures.to_json()["feedback"] if not row["temporal"]]
    assert sorted(plain) == [[531, 47], [543, 150, 87], [3087, 1125, 484, 6]]


def test_of_18_steps_of_temporal_feedback_three_did_harm(figures: ReplayFigures) -> None:
    steps = [step for it in figures.sessions if it.is_temporal for step in _pairs(it)]
    assert len(steps) == 18
    assert sum(after > before for before, after in steps) == 3


def test_the_figures_are_json(figures: ReplayFigures) -> None:
    assert json.loads(json.dumps(figures.to_json(), allow_nan=False))["bench"] == "replay"


def test_a_small_log_by_hand(tmp_path: Path) -> None:
    _write(
        tmp_path,
        ["t1;;;;;;12;;20;;TEXT;JointEmbedding;Temporal CLIP: a red car> a dog;"],
        [
            "t1;;;;;;;;5;;TEXT;JointEmbedding;CLIP: too soon;",
            "t1;;;;;;;;15;;TEXT;JointEmbedding;CLIP: a cat;",
            "t1;;;;;;;;16;;BROWSING;RESET;;",
            't1;;;;;;;;17;;SUBMIT;;?item=1;{"submission":"WRONG"}',
            "t1;;;;;;40;;20;;IMAGE;feedbackModel;;",
            "t1;;;;;;30;;25;;IMAGE;JointEmbedding;1:2 : rows=True;",
            "t1;;;;;;7;;36;;TEXT;JointEmbedding;CLIP: after it was solved;",
        ],
    )
    one, two = read_logs(tmp_path)
    assert [(row.seconds, row.rank, row.words) for row in one] == [(16, 12, 4)]
    assert one[0].characters == len("a red cara dog")
    assert [row.seconds for row in two] == [10, 15, 20]
    assert two[0].rank == MISSED


def test_a_picture_looked_at_does_not_end_a_session_and_a_text_does(tmp_path: Path) -> None:
    like = "t1;;;;;;{};;{};;IMAGE;feedbackModel;Temporal Bayes CLIP 1:2_| group:1|3:4_5:6_;"
    _write(
        tmp_path,
        [
            "t1;;;;;;100;;10;;TEXT;JointEmbedding;CLIP: a;",
            like.format(50, 11),
            "t1;;;;;;1;;12;;IMAGE;JointEmbedding;1:2 : rows=True;",
            like.format(20, 13),
            "t1;;;;;;90;;14;;TEXT;JointEmbedding;CLIP: b;",
            like.format("", 15),
        ],
        ["t1;;;;;;3;;20;;TEXT;JointEmbedding;CLIP: c;"],
    )
    figures = replay(tmp_path)
    told = [
        (it.first_rank, [(step.rank, step.examples) for step in it.steps])
        for it in figures.sessions
    ]
    assert told == [(100, [(50, (2, 0)), (20, (2, 0))]), (90, [(MISSED, (2, 0))])]
    assert figures.words_correlation is None
    assert figures.to_json()["feedback"][1]["ranks"] == [90, None]


def test_a_log_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    with pytest.raises(LogUnreadable, match=r"cvhunter_correct_sub_times\.csv: cannot be read"):
        replay(tmp_path)
    _write(tmp_path, ["t1;;;;;;first;;20;;TEXT;JointEmbedding;CLIP: a;"], [])
    with pytest.raises(LogUnreadable, match=r"e_actionsLP\.csv, line 2: `Rank` is `first`"):
        replay(tmp_path)
    _write(tmp_path, ["t1;20"], [])
    with pytest.raises(LogUnreadable, match=r"e_actionsLP\.csv, line 2: there is no `"):
        replay(tmp_path)
    _write(tmp_path, [], [])
    with pytest.raises(LogUnreadable, match="has no text query"):
        replay(tmp_path)


def _write(folder: Path, first: list[str], second: list[str]) -> None:
    for name, rows in (("LP", first), ("JL", second)):
        text = "\n".join((HEAD, *rows))
        (folder / f"e_actions{name}.csv").write_text(text + "\n", encoding="utf-8")
    solved = "taskID,timestamp,taskStartTimestamp,timeMs\nt1,0,0,30500\nt2,-1,0,-1\n"
    (folder / "cvhunter_correct_sub_times.csv").write_text(solved, encoding="utf-8")


def _pairs(session: FeedbackSession) -> list[tuple[int, int]]:
    ranks = [session.first_rank, *(step.rank for step in session.steps)]
    return list(pairwise(ranks))
