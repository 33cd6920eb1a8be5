"""Points by the evaluation server's formulas, worked by hand."""

import pytest

from bench.evaluate.scores import score_ad_hoc, score_known_item


@pytest.mark.parametrize(
    ("found_s", "wrong", "points"),
    [
        (0, 0, 1000),
        (150, 0, 750),
        (300, 0, 500),
        (150, 2, 550),
        (300, 6, 0),
        (301, 0, 0),
        (None, 0, 0),
    ],
)
def test_a_known_item_is_worth_less_with_time_and_errors(
    found_s: float | None, wrong: int, points: float
) -> None:
    assert score_known_item(found_s, 300, wrong) == points


def test_each_video_counts_once_whatever_follows_its_first_right_piece() -> None:
    submissions = [("a", True), ("a", True), ("a", False), ("b", True)]
    assert score_ad_hoc(submissions, 4) == 500


def test_wrong_pieces_before_the_first_right_one_cost_a_fifth_each() -> None:
    """(1 - 2 * 0.2) of a, 1 of b."""
    submissions = [("a", False), ("b", True), ("a", False), ("a", True)]
    assert score_ad_hoc(submissions, 2) == pytest.approx(800)


def test_a_video_with_nothing_right_takes_points_away_but_not_below_zero() -> None:
    assert score_ad_hoc([("a", True), ("b", False)], 2) == pytest.approx(400)
    assert score_ad_hoc([("a", True), *[("b", False)] * 6], 2) == 0


def test_nothing_found_by_anybody_is_no_point() -> None:
    assert score_ad_hoc([("a", False)], 0) == 0
    assert score_ad_hoc([], 3) == 0
