"""People as drawn: within their box, and with the same face whatever they do."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from bench.world.drawing.brush import Brush
from bench.world.drawing.people import draw_person
from bench.world.drawing.people_colours import EYE_COLOURS, SKIN_COLOURS
from bench.world.figure import Figure, pose_figure
from bench.world.plan import Act, ActorPlan, Clothes, Look
from bench.world.words import (
    ACTIONS,
    BEARDS,
    BOTTOMS,
    COLOURS,
    EYES,
    FACES,
    GENDERS,
    GLASSES,
    HAIR_COLOURS,
    HAIR_STYLES,
    HATS,
    SKINS,
    TOPS,
    VIEWS,
)  # fmt: skip

GROUND = (1, 254, 3)
MAN = Look("man", "light", "round", "short", "brown", "blue", "none", "none", "none", "red", 1.8)
CLOTHES = Clothes("shirt", "red", "trousers", "blue")


def make_figure(look: Look, view: str = "front", action: str = "standing") -> Figure:
    actor = ActorPlan("p", 5.0, 11.25, view, (Act(action, 0, 9000),))
    return pose_figure(actor, look, 0.45)


def draw(
    figure: Figure, look: Look, clothes: Clothes = CLOTHES, *, scale: float = 90.0
) -> NDArray[np.uint8]:
    """A picture (h, w, 3) of 4 x 3.5 metres around a person."""
    pixels = np.full((int(3.5 * scale), int(4 * scale), 3), GROUND, np.uint8)
    draw_person(Brush(pixels, 3.0, 8.5, scale), figure, look, clothes)
    return pixels


def draw_face(figure: Figure, look: Look, *, scale: float = 200.0) -> NDArray[np.uint8]:
    """Only what lies in the face's box (h, w, 3)."""
    assert figure.face is not None
    x0, y0, x1, y1 = figure.face
    pixels = np.full((round((y1 - y0) * scale), round((x1 - x0) * scale), 3), GROUND, np.uint8)
    draw_person(Brush(pixels, x0, y0, scale), figure, look, CLOTHES)
    return pixels


def make_looks() -> list[Look]:
    """Looks in which every word of each trait occurs."""
    looks = []
    for n in range(24):
        gender = GENDERS[n % 4]
        looks.append(
            Look(
                gender, SKINS[n % 6], FACES[(n // 2) % 4], HAIR_STYLES[(n * 3) % 8],
                HAIR_COLOURS[(n * 5) % 6], EYES[n % 4], GLASSES[(n // 3) % 4],
                BEARDS[n % 3] if gender == "man" else "none", HATS[(n // 5) % 4], "purple",
                1.2 if gender in ("boy", "girl") else 1.7,
            )
        )  # fmt: skip
    return looks


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("number", range(24))
def test_the_box_encloses_what_is_drawn(number: int, view: str) -> None:
    look = make_looks()[number]
    clothes = Clothes(TOPS[number % 5], "green", BOTTOMS[number % 3], "black")
    clothes = replace(clothes, bottom="dress") if clothes.top == "dress" else clothes
    for action in ACTIONS[number % 3 :: 3]:
        figure = make_figure(look, view, action)
        drawn = np.argwhere((draw(figure, look, clothes) != GROUND).any(2))  # (n, 2)
        y0, x0 = drawn.min(0) / 90 + (8.5, 3.0)
        y1, x1 = (drawn.max(0) + 1) / 90 + (8.5, 3.0)
        spare = 0.02 * (figure.box[3] - figure.box[1]) + 1 / 90
        left, top, right, bottom = figure.box
        assert left - spare <= x0 < x1 <= right + spare
        assert top - spare <= y0 < y1 <= bottom + spare
        assert y0 - top < 0.12 * figure.height


@pytest.mark.parametrize("view", ["front", "right", "left"])
def test_a_face_is_the_same_in_two_poses(view: str) -> None:
    first, second = (
        make_figure(MAN, view, action) for action in ("standing", "shaking hands with")
    )
    second = replace(second, mouth=first.mouth)
    one, two = draw_face(first, MAN), draw_face(second, MAN)
    assert one.shape == two.shape
    assert np.abs(one.astype(int) - two.astype(int)).mean() < 6


def count(pixels: NDArray[np.uint8], colour: tuple[int, int, int]) -> int:
    return int((pixels == colour).all(2).sum())


def test_skin_and_eyes_have_their_colours() -> None:
    for skin in SKINS:
        for eyes in EYES:
            look = replace(MAN, skin=skin, eyes=eyes)
            face = draw_face(make_figure(look), look, scale=400.0)
            assert count(face, SKIN_COLOURS[skin]) > 0.2 * face.shape[0] * face.shape[1]
            assert count(face, EYE_COLOURS[eyes]) > 50


def change(look: Look, trait: str, word: str) -> Look:
    changes: dict[str, Any] = {trait: word}
    return replace(look, **changes)


def test_every_trait_of_a_face_is_seen() -> None:
    changes: dict[str, tuple[str, ...]] = {
        "skin": SKINS, "face": FACES, "hair": HAIR_STYLES, "hair_colour": HAIR_COLOURS,
        "eyes": EYES, "glasses": GLASSES, "beard": BEARDS, "hat": HATS,
    }  # fmt: skip
    for trait, words in changes.items():
        looks = [change(MAN, trait, word) for word in words]
        heads = [draw(make_figure(look), look, scale=200.0)[:260] for look in looks]
        for n, head in enumerate(heads):
            assert all((head != other).any(2).sum() > 40 for other in heads[:n]), trait


def test_from_behind_there_are_no_eyes() -> None:
    pixels = draw(make_figure(MAN, "back"), MAN, scale=300.0)
    assert count(pixels, EYE_COLOURS["blue"]) == 0
    assert count(draw(make_figure(MAN), MAN, scale=300.0), EYE_COLOURS["blue"]) > 0


@pytest.mark.parametrize("top", TOPS)
def test_clothes_show_their_colours(top: str) -> None:
    bottom = "dress" if top == "dress" else "trousers"
    clothes = Clothes(top, "orange", bottom, "orange" if top == "dress" else "purple")
    pixels = draw(make_figure(MAN), MAN, clothes)
    drawn = int((pixels != GROUND).any(2).sum())
    assert count(pixels, COLOURS["orange"]) > 0.15 * drawn
    assert top == "dress" or count(pixels, COLOURS["purple"]) > 0.08 * drawn


def test_light_colours_the_whole_person() -> None:
    figure = make_figure(MAN)
    pixels = np.zeros((315, 360, 3), np.uint8)
    draw_person(Brush(pixels, 3.0, 8.5, 90.0), figure, MAN, CLOTHES, (0.5, 0.5, 0.7))
    assert pixels[..., :2].max() <= 128


def test_what_is_out_of_view_is_not_drawn() -> None:
    pixels = np.full((50, 50, 3), GROUND, np.uint8)
    draw_person(Brush(pixels, 9.0, 8.5, 90.0), make_figure(MAN), MAN, CLOTHES)
    assert (pixels == GROUND).all()
