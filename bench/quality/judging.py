"""Judges an encoder on a dataset, beside simpler engines and beside what truth alone reaches.

Knows no metric.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bench.evaluate.hits import Span
from bench.quality.comparison import compare_scores
from bench.quality.cues import rank_by_cues
from bench.quality.dataset import Dataset, make_tasks
from bench.quality.figures import Baseline, QualityFigures, Target, TaskScores
from bench.quality.measuring import judge_known, put
from bench.quality.ranker import Chance, Product, Ranker
from bench.quality.run import QualityRun
from bench.quality.world_films import Tell, index, make_films, safe_name

LEAST_RECALL_10, LEAST_RECALL_100, LEAST_OF_ORACLE = 0.75, 0.95, 0.85
TOY, ORACLE = "toy", "oracle"


@dataclass(frozen=True)
class Amount:
    """How much is measured."""

    films: int
    tasks: int  # of each kind


WHOLE, QUICK = Amount(60, 300), Amount(20, 100)


def prepare_world(folder: Path, seed: int, encoder: str, amount: Amount, tell: Tell) -> Dataset:
    """Make and index test films of the made world, as far as they are not there.

    Args:
        folder: where films and collections are kept.
        seed: of the world and of the tasks.
        encoder: as `index --encoder` takes it; `toy` is indexed beside it.
        amount: how many films and tasks.
        tell: hears what is being done.

    Raises:
        IndexingFailed: `shotseek index` ended with an error.
    """
    films = make_films(folder, seed, amount.films, tell)
    tell("indexing them")
    collection = films.home / f"{safe_name(encoder)}.collection"
    flags = ["--analyzers", "embed,subtitles"]
    flags += [word for name in dict.fromkeys((encoder, TOY)) for word in ("--encoder", name)]
    indexing_s = index(films.videos, collection, flags)
    tasks = make_tasks(films.truths, films.videos, amount.tasks, seed)
    seconds = {"making": films.seconds, "indexing": indexing_s}
    return Dataset(f"made world, seed {seed}, test", collection, tasks, films.truths, seconds)


def judge(
    data: Dataset,
    product: Product,
    earlier: TaskScores | None = None,
    tell: Tell = lambda line: None,
) -> QualityFigures:
    """All figures of an engine, with baselines, and with targets if the made world is searched.

    Args:
        data: what is asked.
        product: the engine on the dataset's collection, in the space that is judged.
        earlier: scores of another run, to compare with.
        tell: hears what is being done.

    Raises:
        SettingsError: the earlier run has no task in common with this one.
    """
    tell(f"{data.tasks.count} queries")
    spans = product.find_spans()
    figures = QualityRun(data, product, _every_hundred(tell)).measure(product.encoder, spans)
    tell("baselines")
    baselines = find_baselines(data, product, spans)
    targets = set_targets(figures, baselines) if data.films else []
    gains = compare_scores(figures.scores, earlier) if earlier else {}
    return replace(figures, baselines=tuple(baselines), targets=tuple(targets), gains=gains)


def find_baselines(data: Dataset, product: Product, spans: Sequence[Span]) -> list[Baseline]:
    """What chance, the toy space and truth, by all facts and by one kind, reach on the captions."""
    simpler: list[tuple[str, str, Ranker]] = [
        ("chance", "all shots in a chance order", Chance(spans))
    ]
    if product.encoder != TOY and TOY in product.encoders:
        simpler.append((TOY, "colour words and mean colours", Product(data.collection, TOY)))
    captions = [task.text for tasks in data.tasks.known_by_text.values() for task in tasks]
    cues = rank_by_cues(data.films, captions) if data.films else ()
    return [_judge(data, *each) for each in (*simpler, *cues)]


def set_targets(figures: QualityFigures, baselines: Sequence[Baseline]) -> list[Target]:
    """What the product should reach on the made world."""
    expert = figures.known_by_text["expert"]
    oracle = next(each for each in baselines if each.name == ORACLE).known["expert"]
    share = expert.recall_10 / oracle.recall_10 if oracle.recall_10 else 0.0
    return [
        Target("expert captions, recall@10", expert.recall_10, LEAST_RECALL_10),
        Target("expert captions, recall@100", expert.recall_100, LEAST_RECALL_100),
        Target("expert captions, recall@10 as a share of the oracle's", share, LEAST_OF_ORACLE),
        Target("`then`, least gain of reciprocal rank", figures.then_gains.low, 0.0),
    ]


def _judge(data: Dataset, name: str, says: str, ranker: Ranker) -> Baseline:
    asked = data.tasks.known_by_text.items()
    return Baseline(name, says, {kind: judge_known(put(tasks, ranker)) for kind, tasks in asked})


def _every_hundred(tell: Tell) -> Callable[[int, int], None]:
    def count(done: int, of: int) -> None:
        if done % 100 == 0 or done == of:
            tell(f"  {done} of {of}")

    return count
