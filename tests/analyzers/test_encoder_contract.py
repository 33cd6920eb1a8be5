"""The specification of `Encoder`: the toy one and an open_clip model with random weights."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from analyzers.encoder import Encoder
from analyzers.openclip import OpenClipEncoder
from analyzers.registry import make_encoder

Pictures = list[NDArray[np.uint8]]
TEXTS = ["a red car", "", "night", "grün und weiß", "一匹の犬", "word " * 300]


@pytest.fixture(scope="module", params=["toy", "open_clip float32", "open_clip bfloat16"])
def encoder(request: pytest.FixtureRequest) -> Encoder:
    if request.param == "toy":
        return make_encoder("toy")
    spec = f"local-dir:{request.getfixturevalue('tiny_folder')}"
    return OpenClipEncoder(spec, precision=request.param.split()[1], batch=4)


@pytest.fixture(scope="module")
def images(encoder: Encoder, pictures: Pictures) -> NDArray[np.float32]:
    return encoder.encode_images(pictures)


@pytest.fixture(scope="module")
def texts(encoder: Encoder) -> NDArray[np.float32]:
    return encoder.encode_texts(TEXTS)


def test_the_space_says_what_the_vectors_are(encoder: Encoder) -> None:
    space = encoder.space
    assert re.fullmatch(r"[A-Za-z0-9._-]+", space.name)
    assert space.dim > 0
    for cosines in (space.text_range, space.image_range):
        assert -1 <= cosines.low < cosines.high <= 1


def test_the_space_makes_its_encoder_again(encoder: Encoder) -> None:
    assert make_encoder(encoder.space.encoder, "cpu").space == encoder.space


@pytest.mark.parametrize("side", ["images", "texts"])
def test_vectors_are_unit_float32_rows(
    encoder: Encoder, side: str, request: pytest.FixtureRequest, pictures: Pictures
) -> None:
    vectors = request.getfixturevalue(side)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(pictures if side == "images" else TEXTS), encoder.space.dim)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_nothing_gives_no_rows(encoder: Encoder) -> None:
    assert encoder.encode_images([]).shape == (0, encoder.space.dim)
    assert encoder.encode_texts([]).shape == (0, encoder.space.dim)


def test_a_vector_does_not_depend_on_its_batch_or_place(
    encoder: Encoder, pictures: Pictures, images: Any, texts: Any
) -> None:
    alone = np.concatenate([encoder.encode_images([one]) for one in reversed(pictures)])
    assert_alike(encoder, alone[::-1], images)
    alone = np.concatenate([encoder.encode_texts([one]) for one in reversed(TEXTS)])
    assert_alike(encoder, alone[::-1], texts)


def test_unlike_pictures_and_texts_have_unlike_vectors(images: Any, texts: Any) -> None:
    for vectors in (images, texts[[0, 2]]):
        cosines = vectors @ vectors.T - np.eye(len(vectors))
        assert cosines.max() < 0.99999


def test_pictures_are_left_as_they_are_and_may_be_views(encoder: Encoder) -> None:
    random = np.random.default_rng(3)
    whole = random.integers(0, 256, (48, 64, 3), np.uint8)
    wide = np.repeat(whole, 2, axis=1)
    view, kept = wide[:, ::2], wide.copy()
    assert_alike(encoder, encoder.encode_images([view]), encoder.encode_images([whole]))
    assert (wide == kept).all()


def test_threads_may_share_it(encoder: Encoder, pictures: Pictures, images: Any) -> None:
    fresh = make_encoder(encoder.space.encoder, "cpu")
    with ThreadPoolExecutor(4) as pool:
        both = pool.map(
            lambda _: (fresh.encode_images(pictures), fresh.encode_texts(TEXTS)), "abcd"
        )
        results = list(both)
    for image_rows, text_rows in results:
        assert np.allclose(image_rows, results[0][0], atol=1e-5)
        assert np.allclose(text_rows, results[0][1], atol=1e-5)


def assert_alike(encoder: Encoder, some: Any, others: Any) -> None:
    """The same but for rounding: in bfloat16 other batches may round otherwise."""
    assert some.shape == others.shape
    if getattr(encoder, "precision", "float32") == "float32":
        assert np.allclose(some, others, atol=1e-5)
    else:
        assert ((some * others).sum(axis=1) > 0.9999).all()
