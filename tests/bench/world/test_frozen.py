"""The made world is frozen: figures of two days can be compared only if its truth is the same.

A change of truth is allowed; then raise `truth.VERSION`, write the new hash here, train the shipped
models anew and measure again.
"""

from hashlib import sha256

from bench.world.edition import Edition, sum_up
from bench.world.making import tell
from bench.world.story import plan_video
from bench.world.truth import VERSION, format_truth

FROZEN = {1: "5079be300847c292c4d95a33c6f12e400b05f4fbe8be2519e567784730f304ed"}


def test_the_truth_of_this_version_is_what_it_was() -> None:
    edition = Edition("frozen", 7, (1, 1, 2))
    truths = [
        format_truth(tell(plan_video(edition.seed, film.split, film.number)))
        for film in edition.films
    ]
    assert sum_up(edition, truths, 0).sha256 == FROZEN[VERSION], sha256(truths[0]).hexdigest()
