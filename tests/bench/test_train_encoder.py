"""The training of the encoder learns, goes on where it stopped, and writes what the product loads.

Trained is on a plainer drawn world, in which all is known: one or two coloured shapes on a ground.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner

from bench.train.batches import Recipe, choose_rows, disturb, find_alike, make_batch
from bench.train.card import write_card
from bench.train.cli import train
from bench.train.design import Design, build_model, count_weights
from bench.train.encoder import EncoderTraining, Settings, find_rate, read_training
from bench.train.error import TrainingError
from bench.train.export import MOST_BYTES, export_encoder
from bench.train.figures import measure_recall, rank_captions
from bench.train.judging import Judge
from bench.train.samples import DrawnSamples, DrawnShot, write_film
from bench.train.tokens import Tokens, learn_tokens, read_tokens
from bench.train.wording import contradict, exchange_colours, miscount, misspell, turn_sides
from bench.world.truth import Captions
from bench.world.words import COLOURS

SHAPES = ("disc", "box", "cross")
NAMES = tuple(name for name in COLOURS if name not in ("grey", "brown"))
SMALL = Design(
    picture_tower="test_byobnet", height=48, width=64, dim=64, text_width=32, text_heads=2,
    text_layers=1, context_length=24,
)  # fmt: skip


class Shapes:
    """Two shapes, left and right, on a ground of a third colour; every picture is another."""

    def __init__(self, seed: int, count: int) -> None:
        every = [
            (a, b, one, two, ground)
            for a, b, ground in product(NAMES, repeat=3)
            if len({a, b, ground}) == 3
            for one, two in product(SHAPES, repeat=2)
        ]
        order = np.random.default_rng(4).permutation(len(every))
        # The last are unseen by all other seeds.
        chosen = order[-count:] if seed == 1 else order[:count]
        self._worlds = [every[number] for number in chosen]
        self.films = np.arange(count, dtype=np.int64) // 8
        self.shots = np.arange(count, dtype=np.int64)
        self.alike = np.arange(count, dtype=np.int64)

    def read_pictures(self, rows: Sequence[int]) -> list[NDArray[np.uint8]]:
        return [self._draw(row) for row in rows]

    def get_wordings(self, row: int) -> tuple[str, ...]:
        a, b, one, two, ground = self._worlds[row]
        return (
            f"a {a} {one} on the left and a {b} {two} on the right of a {ground} wall",
            f"{ground} wall, {a} {one} left, {b} {two} right",
        )

    def get_captions(self, row: int) -> Captions:
        first, second = self.get_wordings(row)
        return Captions(terse=second, novice=second, expert=first)

    def _draw(self, row: int) -> NDArray[np.uint8]:
        a, b, one, two, ground = self._worlds[row]
        picture = np.full((54, 72, 3), COLOURS[ground], np.uint8)
        for x, shape, colour in ((19, one, COLOURS[a]), (53, two, COLOURS[b])):
            if shape == "disc":
                cv2.circle(picture, (x, 27), 12, colour, -1)
            elif shape == "box":
                cv2.rectangle(picture, (x - 11, 16), (x + 11, 38), colour, -1)
            else:
                cv2.line(picture, (x, 14), (x, 40), colour, 7)
                cv2.line(picture, (x - 13, 27), (x + 13, 27), colour, 7)
        return picture


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    """Sums in one order: the same figures in every run."""
    import torch

    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    return Shapes(0, 3000)


@pytest.fixture(scope="module")
def tokens(shapes: Shapes) -> Tokens:
    return learn_tokens(
        (text for row in range(200) for text in shapes.get_wordings(row)), SMALL.context_length
    )


def make_settings(**changes: object) -> Settings:
    begun = Settings(seed=3, steps=12, batch=32, point_steps=4, learning_rate=3e-3, average=0.9)
    return replace(begun, **changes)  # type: ignore[arg-type]


def run(training: EncoderTraining, samples: Shapes, file: Path, stop_after: int = 10**9) -> None:
    steps = 0

    def tell(_: float, __: object) -> None:
        nonlocal steps
        steps += 1
        if steps == stop_after:
            raise KeyboardInterrupt

    training.run(samples, Judge(training.design, training.tokens, Shapes(1, 200)), file, tell)


def without_times(training: EncoderTraining) -> list[object]:
    return [replace(point, minutes=0, samples_per_second=0) for point in training.points]


def test_a_stopped_training_goes_on_as_if_it_had_not_been_stopped(
    shapes: Shapes, tokens: Tokens, tmp_path: Path
) -> None:
    whole = EncoderTraining(SMALL, make_settings(), tokens)
    run(whole, shapes, tmp_path / "whole.pt")
    stopped = EncoderTraining(SMALL, make_settings(), tokens)
    with pytest.raises(KeyboardInterrupt):
        run(stopped, shapes, tmp_path / "part.pt", stop_after=10)
    again = read_training(tmp_path / "part.pt", make_settings())
    assert 0 < again.share < 1
    run(again, shapes, tmp_path / "part.pt")
    assert len(whole.points) == 3
    assert without_times(again) == without_times(whole)
    run(again, shapes, tmp_path / "part.pt")  # it is over: nothing is added
    assert len(again.points) == 3
    weights = again.make_encoder().state_dict()
    for name, value in whole.make_encoder().state_dict().items():
        assert bool((weights[name] == value).all()), name


def test_a_training_is_not_gone_on_with_under_other_settings(
    shapes: Shapes, tokens: Tokens, tmp_path: Path
) -> None:
    file = tmp_path / "t.pt"
    EncoderTraining(SMALL, make_settings(), tokens).write(file)
    with pytest.raises(TrainingError, match="other settings"):
        read_training(file, make_settings(batch=64))
    assert read_training(file, make_settings(minutes=7)).share == 0
    with pytest.raises(TrainingError, match="missing"):
        read_training(tmp_path / "none.pt", make_settings())


def learn(shapes: Shapes, tokens: Tokens, file: Path, device: str = "cpu") -> EncoderTraining:
    settings = make_settings(steps=400, batch=96, point_steps=400, average=0.99, device=device)
    training = EncoderTraining(SMALL, settings, tokens)
    run(training, shapes, file)
    return training


def test_the_loss_falls_within_seconds(shapes: Shapes, tokens: Tokens, tmp_path: Path) -> None:
    settings = make_settings(steps=40, batch=64, point_steps=10)
    training = EncoderTraining(SMALL, settings, tokens)
    run(training, shapes, tmp_path / "t.pt")
    losses = [point.loss for point in training.points]
    assert losses[-1] < 0.85 * losses[0]
    assert training.points[-1].judged.expert.at_10 > 2 * 10 / 200  # twice chance


@pytest.mark.slow
def test_unseen_pictures_are_found_by_their_words(
    shapes: Shapes, tokens: Tokens, tmp_path: Path
) -> None:
    training = learn(shapes, tokens, tmp_path / "t.pt")
    judged = training.points[-1].judged
    assert judged.shots == 200
    assert judged.expert.at_1 > 0.5  # chance is .005
    choices = Judge(SMALL, tokens, Shapes(1, 200)).choose(training.make_encoder())
    assert choices.colours.pairs == choices.sides.pairs == 200
    assert choices.colours.right > 0.8
    assert choices.sides.right > 0.8


@pytest.mark.gpu
def test_a_gpu_learns_as_well(shapes: Shapes, tokens: Tokens, tmp_path: Path) -> None:
    import torch

    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    training = learn(shapes, tokens, tmp_path / "t.pt", "cuda")
    assert training.points[-1].judged.expert.at_1 > 0.5
    assert read_training(tmp_path / "t.pt", replace(training.settings, device="cpu")).share == 1


@pytest.fixture(scope="module")
def folder(
    shapes: Shapes, tokens: Tokens, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, EncoderTraining]:
    place = tmp_path_factory.mktemp("exported")
    training = EncoderTraining(SMALL, make_settings(steps=24), tokens)
    run(training, shapes, place / "t.pt")
    model, judge = training.make_encoder(), Judge(SMALL, tokens, shapes)
    sizes = {"weights": count_weights(model), "pieces": len(tokens), "films": 1, "pictures": 3000}
    last = training.points[-1]
    card = write_card(SMALL, training.settings, last, judge.choose(model), sizes)
    export_encoder(place / "out", model, SMALL, tokens, judge.measure(model), card)
    return place / "out", training


def test_the_product_loads_the_folder_and_gives_the_same_vectors(
    folder: tuple[Path, EncoderTraining], shapes: Shapes
) -> None:
    import torch

    from analyzers.openclip import OpenClipEncoder
    from bench.train.judging import encode_ids, prepare, scale

    out, training = folder
    encoder = OpenClipEncoder(f"local-dir:{out}")
    model, rows = training.make_encoder(), range(0, 3000, 300)
    pictures = shapes.read_pictures(rows)
    texts = [shapes.get_wordings(row)[0] for row in rows] + ["", "zebra!", "Ein Bär, 7 km/h"]
    with torch.inference_mode():
        seen = model.encode_image(prepare(scale(pictures, SMALL)), normalize=True).numpy()
        read = encode_ids(model, torch.from_numpy(training.tokens.encode(texts))).numpy()
    assert np.abs(encoder.encode_images(pictures) - seen).max() < 1e-2
    assert np.abs(encoder.encode_texts(texts) - read).max() < 1e-2
    assert encoder.space.dim == SMALL.dim
    assert encoder.space.text_range.low < encoder.space.text_range.high


def test_the_folder_holds_all_and_little(folder: tuple[Path, EncoderTraining]) -> None:
    out, _ = folder
    names = {"open_clip_config.json", "open_clip_model.safetensors", "tokenizer.json",
             "tokenizer_config.json", "README.md"}  # fmt: skip
    assert {file.name for file in out.iterdir()} == names
    assert json.loads((out / "open_clip_config.json").read_text())["shotseek"]["whole_words"]
    card = (out / "README.md").read_text("utf-8")
    assert "recall@10" in card
    assert "{" not in card


def test_the_real_design_fits_into_its_file() -> None:
    captions = [f"word{number}" for number in range(600)]
    tokens = learn_tokens(captions, Design().context_length)
    model = build_model(Design(), tokens, 0)
    spare = 2 * Design().text_width * (1500 - len(tokens))
    header = 60_000
    assert 2 * count_weights(model) + spare + header < MOST_BYTES


def test_words_that_were_seen_are_one_piece_and_others_are_never_unknown(tokens: Tokens) -> None:
    for word in ("red", "Red", "disc", "left"):
        assert tokens.count_pieces(word) == 1, word
    for word in ("zebra", "Bär", "猫", "☃", "x7", "~"):
        assert tokens.count_pieces(word) >= 1, word
        ids = tokens.encode([word])[0]
        assert ids[-1] == tokens.end_id
    assert tokens.count_pieces("zebra") > 1
    assert (tokens.encode(["red,disc"]) == tokens.encode(["RED , disc"])).all()


def test_a_long_text_keeps_its_end(tokens: Tokens) -> None:
    ids = tokens.encode(["red disc " * 50, "red"])
    assert ids.shape == (2, SMALL.context_length)
    assert (ids == tokens.end_id).sum(axis=1).tolist() == [1, 1]


def test_a_vocabulary_is_read_as_it_was_written(tokens: Tokens) -> None:
    texts = ["a red disc", "zebra"]
    again = read_tokens(tokens.format(), SMALL.context_length)
    assert (again.encode(texts) == tokens.encode(texts)).all()
    assert len(again) == len(tokens)


def test_false_captions_differ_in_one_point() -> None:
    random = np.random.default_rng(0)
    text = "a red car left of two blue cups"
    assert exchange_colours(text, random) == "a blue car left of two red cups"
    assert turn_sides(text, random) == "a red car right of two blue cups"
    assert miscount(text, random) in {
        f"a red car left of {number} blue cups" for number in ("three", "four")
    }
    assert exchange_colours("a red car and a red cup", random) is None
    assert contradict("a car", random) is None
    assert contradict(text, random) != text


def test_pictures_are_smaller_at_first(tokens: Tokens) -> None:
    training = EncoderTraining(SMALL, make_settings(steps=10, coarse=0.5), tokens)
    sizes = [training._make_recipe(number) for number in (0, 4, 5, 9)]
    assert [(size.height, size.width) for size in sizes] == [(36, 48)] * 2 + [(48, 64)] * 2


def test_a_slip_changes_one_word_and_spares_the_short() -> None:
    random = np.random.default_rng(0)
    for _ in range(50):
        words = misspell("a big umbrella", random).split()
        assert words[:2] == ["a", "big"]
        assert abs(len(words[2]) - len("umbrella")) <= 1
    assert misspell("a red cup", random) == "a red cup"


def test_half_of_a_batch_are_neighbours() -> None:
    samples = Shapes(0, 400)
    recipe = Recipe(seed=0, size=64, group=4)
    rows = choose_rows(samples, recipe, np.random.default_rng(1))
    assert len(rows) == 64
    groups = rows[:32].reshape(-1, 4)
    assert (np.diff(groups, axis=1) % 400 == 1).all()
    assert len(set(rows[32:].tolist())) > 25


def test_a_batch_depends_on_seed_and_number_only() -> None:
    samples, recipe = Shapes(0, 400), Recipe(seed=5, size=16, height=48, width=64)
    one, same, other = (make_batch(samples, recipe, number) for number in (7, 7, 8))
    assert one.captions == same.captions
    assert (one.pictures == same.pictures).all()
    assert one.captions != other.captions
    assert one.pictures.shape == (16, 48, 64, 3)


def test_what_is_as_right_is_not_held_wrong() -> None:
    import torch

    from bench.train.loss import contrast

    alike = find_alike(np.array([0, 1, 2, 1]), ["a", "b", "a", "c"])
    assert alike.tolist() == [
        [True, False, True, False],
        [False, True, False, True],
        [True, False, True, False],
        [False, True, False, True],
    ]
    vectors = torch.nn.functional.normalize(torch.tensor([[1.0, 0.0], [1.0, 0.1], [0.0, 1.0]]))
    scale = torch.tensor(20.0)
    strict = contrast(vectors, vectors, scale, torch.eye(3, dtype=torch.bool))
    near = torch.eye(3, dtype=torch.bool)
    near[0, 1] = near[1, 0] = True
    assert float(contrast(vectors, vectors, scale, near)) < 0.1 * float(strict)
    false = torch.cat([vectors, vectors[:1]])
    assert float(contrast(vectors, false, scale, near)) > float(strict) / 4


def test_a_picture_keeps_its_sides_and_its_colours() -> None:
    picture = np.zeros((90, 160, 3), np.uint8)
    picture[:, :80] = COLOURS["red"]
    picture[:, 80:] = COLOURS["blue"]
    random = np.random.default_rng(0)
    for _ in range(30):
        found = disturb(picture, (64, 48), random).astype(int)
        assert found.shape == (48, 64, 3)
        assert found[:, 5, 0].mean() > found[:, 5, 2].mean() + 60
        assert found[:, -5, 2].mean() > found[:, -5, 0].mean() + 60


def test_ranks_count_the_best_of_those_that_are_right() -> None:
    eye = np.eye(4, dtype=np.float32)
    texts = eye[[1, 1, 2, 0]]
    assert rank_captions(texts, eye, np.array([0, 1, 2, 3])).tolist() == [4, 1, 1, 4]
    assert rank_captions(texts, eye, np.array([0, 0, 2, 3])).tolist() == [1, 1, 1, 4]
    recall = measure_recall(np.array([1, 3, 11, 200]))
    assert (recall.at_1, recall.at_10, recall.at_100) == (0.25, 0.5, 0.75)


def test_the_rate_rises_then_falls() -> None:
    rates = [find_rate(share) for share in np.linspace(0, 1, 101)]
    top = int(np.argmax(rates))
    assert 1 <= top <= 5
    assert rates[:top] == sorted(rates[:top])
    assert rates[top:] == sorted(rates[top:], reverse=True)
    assert rates[-1] == pytest.approx(0.01)


def test_samples_are_read_as_they_were_written(tmp_path: Path) -> None:
    colours = ((200, 30, 30), (30, 200, 30), (30, 30, 200))
    codes = []
    for colour in colours:
        picture = np.full((18, 32, 3), colour, np.uint8)
        codes.append(cv2.imencode(".jpg", picture[..., ::-1])[1].tobytes())
    said = Captions("a", "b", "c")
    shots = [
        DrawnShot("s1", said, ("a", "x"), ("s2",), (len(codes[0]), len(codes[1]))),
        DrawnShot("s2", said, ("b",), ("s1",), (len(codes[2]),)),
    ]
    write_film(tmp_path, "one", shots, codes)
    write_film(tmp_path, "two", shots[:1], codes[:2])
    samples = DrawnSamples(tmp_path, ["one", "two"])
    assert samples.films.tolist() == [0, 0, 0, 1, 1]
    assert samples.shots.tolist() == [0, 0, 1, 2, 2]
    assert samples.alike.tolist() == [0, 0, 0, 2, 2]
    assert samples.get_wordings(4) == ("a", "x")
    for row, colour in ((0, 0), (2, 2), (4, 1)):
        mean = samples.read_pictures([row])[0].mean(axis=(0, 1))
        assert np.abs(mean - colours[colour]).max() < 12
    with pytest.raises(TrainingError, match="draw the samples first"):
        DrawnSamples(tmp_path, ["three"])


def test_to_go_on_with_nothing_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.train.course.JUDGED_FILMS", 1)
    line = ["encoder", "--out", str(tmp_path / "o"), "--work", str(tmp_path), "--films", "1",
            "--resume"]  # fmt: skip
    ran = CliRunner().invoke(train, line)
    assert ran.exit_code == 2
    assert ran.stderr.strip().splitlines()[-1].startswith("error: ")
    assert len(list((tmp_path / "samples").glob("*.json"))) == 2  # drawn, and kept
