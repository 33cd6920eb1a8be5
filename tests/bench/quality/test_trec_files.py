"""Runs and judgements for other tools: scored as TREC does they give the figures of the bench."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.evaluate.trec import read_judgements, read_run, score_run
from bench.quality.dataset import Tasks
from bench.quality.measuring import judge_ad_hoc, judge_known, put
from bench.quality.trec_files import write_trec
from bench.quality.world_tasks import WorldTasks
from bench.world.likeness import find_duplicates
from bench.world.truth import Truth
from tests.bench.quality.word_ranker import WordRanker


def test_other_tools_find_the_same_figures(films: Sequence[Truth], tmp_path: Path) -> None:
    world, engine = WorldTasks(films, 3, find_duplicates(films)), WordRanker(films, 0.1)
    tasks = Tasks({"novice": world.known_by_text(40, "novice")}, (), (), world.topics(40))
    files = write_trec(tmp_path / "trec", tasks, engine)
    assert [file.name for file in files] == [
        "tkis-novice.run", "tkis-novice.qrels", "avs.run", "avs.qrels", "topics.tsv"
    ]  # fmt: skip
    run, judged, topic_run, topic_judged, names = files
    known = score_run(read_run(run), read_judgements(judged))
    ours = judge_known(put(tasks.known_by_text["novice"], engine))
    assert known.map == pytest.approx(ours.mrr)
    ad_hoc = score_run(read_run(topic_run), read_judgements(topic_judged))
    assert ad_hoc == judge_ad_hoc(put(tasks.topics, engine))
    lines = names.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 80
    assert lines[0].split("\t") == [
        "tkis-novice-0001",
        tasks.known_by_text["novice"][0].id,
        tasks.known_by_text["novice"][0].text,
    ]
