"""The tasks of a dataset and an engine's answers as files of TREC, for other tools to score.

Of hits that meet one goal only the first counts: it bears the goal's name, the others their own,
which no judgement names. So `trec_eval` finds the figures that the bench finds. Knows no metric.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bench.evaluate.hits import Span, find_goals, mark_right
from bench.evaluate.trec import Judgement, RunLine, list_run, write_judgements, write_run
from bench.quality.dataset import Tasks
from bench.quality.measuring import DEEPEST
from bench.quality.ranker import Ranker
from bench.quality.task import LEAST_MS, Task

TAG = "shotseek"


def write_trec(folder: Path, tasks: Tasks, ranker: Ranker) -> list[Path]:
    """Write KIND.run and KIND.qrels for each kind of task, and topics.tsv with what was asked.

    Args:
        folder: made if need be.
        tasks: what is asked.
        ranker: the engine, which is asked once more.

    Returns:
        The files that were written.

    Raises:
        OSError: a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files, topics = [], []
    for kind, some in _name_kinds(tasks).items():
        named = [(f"{kind}-{number:04}", task) for number, task in enumerate(some, 1)]
        run, judgements = folder / f"{kind}.run", folder / f"{kind}.qrels"
        write_run(run, (line for each in named for line in _answer(*each, ranker)))
        write_judgements(judgements, (line for each in named for line in _judge(*each)))
        files += [run, judgements]
        topics += [f"{topic}\t{task.id}\t{task.text}\n" for topic, task in named]
    names = folder / "topics.tsv"
    names.write_text("".join(topics), encoding="utf-8")
    return [*files, names]


def _name_kinds(tasks: Tasks) -> Mapping[str, Sequence[Task]]:
    kinds = {f"tkis-{kind}": some for kind, some in tasks.known_by_text.items()}
    kinds["vkis"] = tasks.by_picture
    kinds["temporal-single"] = [alone for alone, _ in tasks.pairs]
    kinds["temporal-then"] = [both for _, both in tasks.pairs]
    kinds["avs"] = tasks.topics
    return {kind: some for kind, some in kinds.items() if some}


def _answer(topic: str, task: Task, ranker: Ranker) -> Iterable[RunLine]:
    hits = ranker.rank(task.query, DEEPEST)
    met = find_goals(hits, task.goals, LEAST_MS).tolist()
    counts = mark_right(hits, task.goals, LEAST_MS).tolist()
    names = [
        _name_goal(goal) if right else _name_hit(hit)
        for hit, goal, right in zip(hits, met, counts, strict=True)
    ]
    # The order is all there is: scores of a search by several parts are not comparable.
    return list_run(topic, TAG, ((name, float(-place)) for place, name in enumerate(names)))


def _judge(topic: str, task: Task) -> Iterable[Judgement]:
    return (Judgement(topic, _name_goal(goal), 1) for goal in range(len(task.goals)))


def _name_goal(goal: int) -> str:
    return f"goal-{goal:03}"


def _name_hit(hit: Span) -> str:
    return f"{'_'.join(hit.video.split())}/{hit.start_ms}-{hit.end_ms}"
