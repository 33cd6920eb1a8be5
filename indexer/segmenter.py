"""The interface of shot detection: frames in order, times at which a new shot begins.

Implementations stand in `indexer/segmenters/`; `tests/indexer/test_segmenter_contract.py` is the
specification. Knows nothing of decoding, of keyframes, of files of a collection.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Segmenter(Protocol):
    """Finds the cuts of one video while it is being read. One instance serves one video."""

    @property
    def settled_ms(self) -> int:
        """No cut earlier than this time will be reported any more."""

    def push(self, time_ms: int, sample: NDArray[np.uint8]) -> Sequence[int]:
        """Take the next frame, a small BGR picture; give the new shots that became certain.

        Times ascend.

        A time given is the time of a frame that was pushed: the first of its shot.
        """

    def finish(self) -> Sequence[int]:
        """No more frames: give the remaining times, ascending."""
