"""The engine: hits, pages, grouping, spaces, threads; no heavy library where none is needed."""

import base64
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from worlds import make_world

from analyzers.encoder import Range, Space
from analyzers.error import SettingsError
from analyzers.finding import Embedding
from analyzers.toy import ToyEncoder
from indexer.error import SpaceMismatch
from indexer.generations.generation import Generation
from indexer.generations.plain_content import PlainVideo, content_of
from indexer.generations.writing import build_in_memory, write_generation
from search.encoders import Encoders
from search.engine import SearchEngine
from search.error import CursorExpired, QueryInvalid
from search.hits import Hit, SearchResult, Why
from search.leaves.label import LabelLeaf
from search.leaves.shot import ShotLeaf
from search.leaves.text import TextLeaf
from search.options import SearchOptions
from search.query import Query
from search.why import score_from_why

Ask = Callable[..., SearchResult]
RED = {"kind": "text", "text": "red"}
BLUE = {"kind": "text", "text": "blue"}


def found(result: SearchResult) -> list[str]:
    return [hit.shot for hit in result.hits]


def test_a_hit_names_its_shot_and_its_best_moment(ask: Ask) -> None:
    first = ask({"kind": "text", "text": "white"}, k=1).hits[0]
    assert first.to_json() | {"score": 1.0, "why": None} == {
        "rank": 1,
        "video": "parade.mp4",
        "video_id": "a1",
        "shot": "a1@2000",
        "start_ms": 2000,
        "end_ms": 3000,
        "time_ms": 2500,
        "score": 1.0,
        "why": None,
    }


def test_videos_of_one_name_are_called_by_their_paths(ask: Ask) -> None:
    videos = {hit.video for hit in ask({"kind": "text", "text": "red"}, k=50).hits}
    assert videos == {"parade.mp4", "city/night.mp4", "sea/night.mp4", "blank.mkv"}


def test_a_query_that_only_filters_scores_one_in_order_of_time(ask: Ask) -> None:
    result = ask({"kind": "metadata", "field": "date", "op": "<", "value": "2024"})
    assert found(result) == ["c3@0", "c3@1000"]
    assert [hit.score for hit in result.hits] == [1.0, 1.0]
    assert result.space is None


def test_then_gives_the_first_shot_and_names_the_others(ask: Ask) -> None:
    colours = [{"kind": "colour", "name": name} for name in ("blue", "red")]
    result = ask({"kind": "then", "stages": colours, "within_shots": 2})
    assert found(result) == ["a1@1000", "b2@2000"]
    first, second = result.hits[0].why.children
    assert first.evidence("stage")["shot"] == "a1@1000"
    assert second.evidence("stage") == {
        "shot": "a1@3000",
        "start_ms": 3000,
        "end_ms": 4000,
        "time_ms": 3500,
    }
    assert found(ask({"kind": "then", "stages": colours, "within_shots": 1})) == ["b2@2000"]
    assert found(ask({"kind": "then", "stages": colours, "within_ms": 999})) == ["b2@2000"]
    assert len(ask({"kind": "then", "stages": colours, "within_ms": 1000}).hits) == 2


def test_then_never_takes_one_shot_twice(ask: Ask) -> None:
    black = {"kind": "colour", "name": "black"}
    assert found(ask({"kind": "then", "stages": [black, black]})) == ["b2@0"]


def test_then_inside_another_join_holds_for_the_first_shot(ask: Ask) -> None:
    pair = {"kind": "then", "stages": [{"kind": "colour", "name": "blue"}, RED]}
    both = ask({"kind": "all_of", "children": [pair, {"kind": "words", "text": "entry"}]})
    assert found(both) == ["a1@1000"]
    assert score_from_why(both.hits[0].to_json()["why"]) == pytest.approx(both.hits[0].score)


def test_weights_shift_a_sum(ask: Ask) -> None:
    pair = [RED, BLUE]
    for weights, best in (((3, 1), "a1@0"), ((1, 3), "a1@1000")):
        root = {"kind": "all_of", "children": pair, "weights": weights}
        result = ask(root, k=1)
        assert found(result) == [best]
        assert result.hits[0].score == pytest.approx(0.75, abs=0.02)
        assert [child.weight for child in result.hits[0].why.children] == list(weights)


def test_a_negative_weight_counts_against(ask: Ask) -> None:
    root = {"kind": "weighted_sum", "children": [RED, RED], "weights": [1, -0.5]}
    assert ask(root, k=1).hits[0].score == pytest.approx(1 / 3, abs=0.01)


def test_pages_join_into_the_whole_list(ask: Ask) -> None:
    whole = ask(RED, k=50)
    assert whole.cursor is None
    pages, cursor = [], None
    while True:
        page = ask(RED, k=4, cursor=cursor)
        pages += page.hits
        assert page.total == whole.total == 13
        cursor = page.cursor
        if cursor is None:
            break
    assert tuple(pages) == whole.hits
    assert [hit.rank for hit in pages] == list(range(1, 14))


def test_a_cursor_of_another_generation_or_query_has_expired(ask: Ask, films: Generation) -> None:
    cursor = ask(RED, k=4).cursor
    newer = SearchEngine(replace(films, name="newer"))
    with pytest.raises(CursorExpired, match="search again from the top"):
        newer.search(Query.model_validate({"root": RED}), SearchOptions(cursor=cursor))
    with pytest.raises(CursorExpired, match="another query"):
        ask(BLUE, cursor=cursor)
    with pytest.raises(CursorExpired, match="another query"):
        ask(RED, cursor=cursor, group="video")


@pytest.mark.parametrize(
    "cursor", ["", "???", "e30", "bnVsbA", base64.b64encode(b"[" * 9).decode()]
)
def test_what_is_no_cursor_is_refused(ask: Ask, cursor: str) -> None:
    with pytest.raises(QueryInvalid, match="cursor"):
        ask(RED, cursor=cursor)


def test_hits_are_grouped_limited_cut_off_and_sorted(ask: Ask) -> None:
    blue = ask(BLUE, k=50, group="video", per_video=2, min_score=0.01)
    assert found(blue) == ["a1@1000", "b2@2000"]
    per_video = ask(RED, k=50, group="video", per_video=1, sort="time")
    assert [hit.video_id for hit in per_video.hits] == ["a1", "b2", "c3", "d4"]
    in_time = ask(RED, k=50, sort="time", min_score=0.5)
    assert found(in_time) == ["a1@0", "a1@3000", "b2@3000", "c3@1000"]


def test_a_result_reads_back_from_its_json(ask: Ask) -> None:
    result = ask({"kind": "all_of", "children": [RED, {"kind": "words", "text": "entry"}]})
    data = json.loads(json.dumps(result.to_json()))
    assert list(data)[:3] == ["hits", "space", "took_ms"]
    assert SearchResult.model_validate(data) == result
    assert Hit.model_validate(data["hits"][0]).why == result.hits[0].why


def test_score_from_why_uses_the_evidence_only(ask: Ask) -> None:
    why = ask(RED, k=1).hits[0].why
    low, high = why.evidence("range")
    halved = Why.model_validate({**why.to_json(), "cosine": low + (high - low) / 2, "score": 0.9})
    assert score_from_why(halved) == pytest.approx(0.5)


def test_an_empty_collection_has_no_hits() -> None:
    engine = SearchEngine(build_in_memory(content_of([], [ToyEncoder().space])))
    for root in (RED, {"kind": "then", "stages": [RED, RED]}):
        result = engine.search(Query.model_validate({"root": root}))
        assert (result.hits, result.total, result.cursor) == ((), 0, None)


def test_a_collection_without_vectors_answers_filters_and_refuses_texts() -> None:
    film = PlainVideo("a", [(0, 1000)], [500])
    engine = SearchEngine(build_in_memory(content_of([film])))
    assert engine.search(Query(root=LabelLeaf(name="x", op="=", count=0))).total == 1
    with pytest.raises(SettingsError, match="no space to compare"):
        engine.search(Query(root=TextLeaf(text="red")))


def test_texts_go_to_the_first_space_that_has_an_encoder() -> None:
    boxes = Space("boxes", 2, "", Range(-1, 1), Range(-1, 1))
    toy = ToyEncoder()
    red = toy.encode_texts(["red"])[0]
    said = (
        ("boxes", Embedding(0, 1000, "boxes", np.array([1, 0], np.float32))),
        ("toy", Embedding(0, 1000, "toy", red)),
    )
    film = PlainVideo("a", [(0, 1000)], [500], said)
    engine = SearchEngine(build_in_memory(content_of([film], [boxes, toy.space])))
    assert engine.search(Query(root=TextLeaf(text="red"))).space == "toy"
    like = Query(root=ShotLeaf(video="a", time_ms=0))
    assert engine.search(like).space == "boxes"
    assert engine.search(like, SearchOptions(space="toy")).space == "toy"
    with pytest.raises(SettingsError, match="the space boxes has no encoder"):
        engine.search(Query(root=TextLeaf(text="red", space="boxes")))


class OtherEncoder:
    """Gives vectors of a space that the collection does not have."""

    space = Space("toy", 7, "other", Range(0, 1), Range(0, 1))

    def encode_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.ones((len(texts), 7), np.float32)

    def encode_images(self, pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        return np.ones((len(pictures), 7), np.float32)


def test_an_encoder_of_another_space_is_refused(films: Generation) -> None:
    with pytest.raises(SpaceMismatch, match=r"gives toy \(7\): bring the former"):
        SearchEngine(films, {"toy": OtherEncoder()}).search(Query(root=TextLeaf(text="red")))
    odd = replace(ToyEncoder().space, name="toy-of-old")
    with pytest.raises(SpaceMismatch, match=r"toy-of-old.* index again"):
        Encoders().encode_texts(odd, ["red"])


def test_many_threads_get_what_one_gets() -> None:
    world = make_world(7)
    engine = SearchEngine(world.generation, world.encoders)
    queries = [
        Query(root=TextLeaf(text=text)) for text in ("a red car", "a dog", "snow", "night") * 8
    ]
    alone = [found(engine.search(query)) for query in queries]
    with ThreadPoolExecutor(8) as pool:
        together = [found(result) for result in pool.map(engine.search, queries)]
    assert together == alone


def test_it_answers_without_decoders_and_without_torch(film_folder: Path) -> None:
    query = {"kind": "all_of", "children": [RED, {"kind": "colour", "name": "red"}]}
    code = f"""
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("decord", "scenedetect", "av", "torch", "sqlalchemy"):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Blocker())
from pathlib import Path
from search.engine import SearchEngine
from search.query import Query
query = Query.model_validate({{"root": {query!r}}})
result = SearchEngine(Path({str(film_folder)!r})).search(query)
print(result.hits[0].shot, [name for name in ("faiss", "pyarrow", "rich", "typer")
                            if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "a1@0 []\n", done.stderr


def test_an_open_engine_keeps_its_generation(tmp_path: Path) -> None:
    film = PlainVideo("a", [(0, 1000)], [500])
    write_generation(tmp_path, content_of([film]))
    engine = SearchEngine(tmp_path)
    for _ in range(3):
        write_generation(tmp_path, content_of([film, replace(film, uid="b")]))
    everything = Query(root=LabelLeaf(name="x", op="=", count=0))
    assert engine.search(everything).total == 1
    assert SearchEngine(tmp_path).search(everything).total == 2


class LearnedEncoder(ToyEncoder):
    """The toy encoder, but it says that it was never trained on `giraffe`."""

    def find_unknown_words(self, text: str) -> tuple[str, ...]:
        return tuple(word for word in ("giraffe", "llama") if word in text)


def test_words_that_the_model_never_saw_are_named_in_a_note(films: Generation) -> None:
    engine = SearchEngine(films, {"toy": LearnedEncoder()})
    asked = Query(root=TextLeaf(text="a red giraffe and a llama"))
    assert engine.search(asked).notes == (
        'the model of the space toy never saw "giraffe", "llama": it guesses from parts of words',
    )
    assert engine.search(Query(root=TextLeaf(text="red"))).notes == ()
