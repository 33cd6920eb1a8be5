"""The toy encoder finds colours, honestly and no more."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.colours import NAMES
from analyzers.toy import REACH, ToyEncoder

PURE = {
    "black": (0, 0, 0),
    "white": (255, 255, 255),
    "grey": (128, 128, 128),
    "red": (200, 20, 20),
    "orange": (255, 150, 20),
    "yellow": (250, 230, 30),
    "green": (20, 150, 40),
    "blue": (20, 50, 220),
    "purple": (120, 30, 140),
    "pink": (250, 160, 190),
    "brown": (110, 70, 30),
}
TOY = ToyEncoder()


def plain(*colours: str) -> Any:
    """A picture of colours side by side, in equal parts."""
    return np.concatenate([np.full((48, 48, 3), PURE[one], np.uint8) for one in colours], axis=1)


def scores(text: str, *pictures: Any) -> Any:
    """What a search would show: cosines mapped by the space's range."""
    cosines = TOY.encode_images(pictures) @ TOY.encode_texts([text])[0]
    cosine_range = TOY.space.text_range
    return (cosines - cosine_range.low) / (cosine_range.high - cosine_range.low)


def test_it_knows_every_named_colour() -> None:
    assert set(PURE) == set(NAMES)


@pytest.mark.parametrize("colour", NAMES)
def test_a_colour_word_finds_the_picture_of_that_colour(colour: str) -> None:
    found = scores(f"something {colour.upper()}!", *(plain(name) for name in NAMES))
    assert NAMES[int(found.argmax())] == colour
    assert found.max() > 0.85
    assert np.sort(found)[-2] < 0.5


def test_more_of_a_colour_scores_higher() -> None:
    found = scores(
        "red", plain("red"), plain("red", "blue"), plain("red", "blue", "blue"), plain("blue")
    )
    assert (np.diff(found) < -0.1).all()


def test_two_colours_find_the_picture_with_both() -> None:
    found = scores("red and blue", plain("red", "blue"), plain("red"), plain("blue", "green"))
    assert found.argmax() == 0
    assert found[0] == pytest.approx(1, abs=0.02)


def test_dark_and_bright_rank_by_brightness() -> None:
    shown = [plain("black"), plain("grey"), plain("white")]
    assert (np.diff(scores("at night", *shown)) < 0).all()
    assert (np.diff(scores("a sunny day", *shown)) > 0).all()


def test_a_text_without_a_colour_scores_nothing_anywhere() -> None:
    assert np.allclose(scores("two dogs", *(plain(name) for name in NAMES)), 0, atol=1e-6)


def test_synonyms_mean_the_same() -> None:
    one, other = TOY.encode_texts(["gray and crimson", "grey and red"])
    assert (one == other).all()


colours = st.tuples(*[st.integers(0, 255)] * 3)
pictures = st.lists(colours, min_size=1, max_size=6).map(
    lambda some: np.repeat(np.array([some], np.uint8), 20, axis=1)
)
words = st.lists(st.sampled_from([*NAMES, "dark", "bright", "dog"]), max_size=5).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(pictures, words)
def test_no_score_is_ever_cut_off(picture: Any, text: str) -> None:
    cosine = float(TOY.encode_images([picture])[0] @ TOY.encode_texts([text])[0])
    assert -1e-6 <= cosine <= REACH + 1e-6


@settings(max_examples=60, deadline=None)
@given(pictures, st.integers(0, 2**32 - 1))
def test_noise_of_a_jpeg_moves_a_picture_by_less_than_a_hundredth(picture: Any, seed: int) -> None:
    large = np.repeat(picture, 8, axis=0)
    noise = np.random.default_rng(seed).integers(-2, 3, large.shape)
    noisy = np.clip(large + noise, 0, 255).astype(np.uint8)
    one, other = TOY.encode_images([large, noisy])
    assert one @ other > 0.995


def test_the_same_colours_elsewhere_are_another_picture() -> None:
    one, other, turned = TOY.encode_images(
        [plain("red", "blue"), plain("blue", "red"), plain("red", "blue").transpose(1, 0, 2)]
    )
    assert one @ other < 0.95
    assert one @ turned < 0.98
