"""Actions from a list in words, told by a text-image encoder: crop and whole picture beside each.

Knows nothing of where pictures come from.
"""

from collections.abc import Sequence
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analyzers.action_model import CropForm, SeenPerson
from analyzers.embed import NeedsWeights
from analyzers.encoder import Encoder
from analyzers.error import SettingsError

VOCABULARY, KINETICS = "action", "kinetics400"
PROMPT = "a person {}"
MOST_ACTIONS = 10_000
LONGEST = 200  # characters of an action
LEAST = 0.5  # on the space's scale of texts


class PromptedActions:
    """How alike a person's crop and the whole picture are, together, to each action in words.

    Args:
        encoder: its texts are compared with its pictures.
        file: a text file with an action in each line (`carrying a bag`); None for Kinetics-400's.
    """

    window = 1
    wants_whole = True
    least = LEAST
    crop = CropForm(2)  # only its vector is looked at

    def __init__(self, encoder: Encoder, file: Path | None = None) -> None:
        self._encoder, self._file = encoder, file

    @property
    def name(self) -> str:
        """The encoder's space, and 8 digits of the SHA-256 of the list."""
        listed = sha256("\n".join(self.names).encode()).hexdigest()[:8]
        return f"prompts {self._encoder.space.name} {listed}"

    @cached_property
    def names(self) -> tuple[str, ...]:
        """`action/carrying a bag`; those of Kinetics are `kinetics400/juggling balls`."""
        if self._file is not None:
            return tuple(f"{VOCABULARY}/{one}" for one in read_actions(self._file))
        from analyzers.action_models.kinetics import list_kinetics

        return tuple(f"{KINETICS}/{one}" for one in list_kinetics())

    def ensure_available(self) -> None:
        """Load the encoder's weights and read the list; errors as in `ActionModel`."""
        _ = self.names
        if isinstance(self._encoder, NeedsWeights):
            self._encoder.ensure_available()

    def tell(self, windows: Sequence[Sequence[SeenPerson]]) -> NDArray[np.float32]:
        """(n, a): the mean cosine of crop and picture, on the space's scale of texts."""
        if not windows:
            return np.zeros((0, len(self.names)), np.float32)
        crops = np.stack([one.vector for (one,) in windows])
        wholes = np.stack([one.vector if one.whole is None else one.whole for (one,) in windows])
        cosines = (crops + wholes) / 2 @ self._texts.T
        to = self._encoder.space.text_range
        scores: NDArray[np.float32] = np.clip((cosines - to.low) / (to.high - to.low), 0, 1)
        return scores.astype(np.float32)

    @cached_property
    def _texts(self) -> NDArray[np.float32]:
        words = [name.partition("/")[2] for name in self.names]
        return self._encoder.encode_texts([PROMPT.format(one) for one in words])


def read_actions(file: Path) -> list[str]:
    """The actions of a text file, one in each line; empty lines and those with # first are none.

    Raises:
        SettingsError: the file cannot be read, is empty, or a line is too long.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: the list of actions cannot be read: {error}") from error
    stripped = [(number, line.strip()) for number, line in enumerate(lines, 1)]
    named = [(number, line) for number, line in stripped if line and not line.startswith("#")]
    for number, line in named:
        if len(line) > LONGEST:
            raise SettingsError(f"{file}:{number}: an action has at most {LONGEST} characters")
    actions = list(dict.fromkeys(line for _, line in named))
    if not 0 < len(actions) <= MOST_ACTIONS:
        raise SettingsError(f"{file}: {len(actions)} actions; give 1 to {MOST_ACTIONS}, one a line")
    return actions
