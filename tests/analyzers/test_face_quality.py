"""Quality of faces: size, pose, sharpness, each between its ends."""

import numpy as np
import pytest
from numpy.typing import NDArray

from analyzers.face_embedder import CROP_PX, TEMPLATE
from analyzers.face_quality import measure_quality

SIZE_PX = (400, 300)
Crop = NDArray[np.uint8]


def chequered(contrast: int) -> Crop:
    rows, columns = np.indices((CROP_PX, CROP_PX)) // 4
    grey = 128 + contrast * ((rows + columns) % 2 * 2 - 1)
    return np.repeat(grey[..., None], 3, axis=2).astype(np.uint8)


SHARP, FLAT = chequered(100), chequered(0)


def quality(
    crop: Crop = SHARP, size_px: float = 112, nose: tuple[float, float] | None = None
) -> float:
    """Of a face whose box has this side, with the standard landmarks or the nose elsewhere."""
    points = np.array(TEMPLATE)
    if nose is not None:
        points[2] = nose
    points = points * size_px / CROP_PX / np.array(SIZE_PX)
    box = np.array([[0, 0, size_px / SIZE_PX[0], size_px / SIZE_PX[1]]])
    (found,) = measure_quality(box, points[None], [crop], SIZE_PX)
    return float(found)


def test_a_large_frontal_sharp_face_is_near_the_top() -> None:
    assert 90 < quality() <= 100


def test_a_face_of_an_eighth_of_the_size_has_half_the_quality() -> None:
    assert quality(size_px=14) == pytest.approx(quality() / 2, rel=1e-3)


def test_more_pixels_than_the_crop_has_make_no_difference() -> None:
    assert quality(size_px=224) == pytest.approx(quality())


def test_the_more_a_head_turns_the_lower_and_a_profile_has_none() -> None:
    turned = [quality(nose=(x, 71.7)) for x in (56, 63, 70, 74)]
    assert turned == sorted(turned, reverse=True)
    assert turned[-1] == 0
    assert quality(nose=(49, 71.7)) == pytest.approx(quality(nose=(62.8, 71.7)), rel=0.05)


def test_a_nod_lowers_it() -> None:
    assert quality(nose=(56, 80)) < 0.9 * quality() > quality(nose=(56, 62))


def test_a_blurred_face_is_worse_and_a_flat_one_has_none() -> None:
    assert quality(FLAT) == 0 < quality(chequered(10)) < quality()


def test_no_faces_have_no_qualities() -> None:
    assert measure_quality(np.empty((0, 4)), np.empty((0, 5, 2)), [], SIZE_PX).shape == (0,)


def test_landmarks_in_one_place_have_no_pose() -> None:
    points = np.full((1, 5, 2), 0.5)
    assert measure_quality(np.array([[0, 0, 0.5, 0.5]]), points, [SHARP], SIZE_PX).tolist() == [0]
