"""Keyframes to vectors: the analyzer around any encoder.

Knows nothing of which models there are or where their weights come from.
"""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from analyzers.analyzer import Scope, Wants
from analyzers.clip import Clip
from analyzers.encoder import Encoder, Space
from analyzers.finding import Embedding, Finding


@runtime_checkable
class NeedsWeights(Protocol):
    """An encoder or analyzer that can say before any work whether its weights can be had."""

    def ensure_available(self) -> None:
        """Fetch the weights if they are not here.

        Raises:
            ModelUnavailable: they cannot be had or cannot be used.
        """


class EmbedAnalyzer:
    """One Embedding for each keyframe, with the keyframe's span."""

    version = "1"
    scope = Scope.SHOT
    wants = Wants(keyframes=True)
    needs: tuple[str, ...] = ()

    def __init__(self, encoder: Encoder, name: str) -> None:
        self.encoder = encoder
        self.name = name

    @property
    def spaces(self) -> tuple[Space, ...]:
        """The spaces in which its Embeddings lie; may load what is needed to know them."""
        return (self.encoder.space,)

    def ensure_available(self) -> None:
        """Make sure that the encoder's weights are here.

        Raises:
            ModelUnavailable: they cannot be had or cannot be used.
        """
        if isinstance(self.encoder, NeedsWeights):
            self.encoder.ensure_available()

    def analyze(self, clips: Sequence[Clip]) -> list[list[Finding]]:
        """Encode the keyframes of all clips together."""
        keyframes = [keyframe for clip in clips for keyframe in clip.keyframes]
        space = self.encoder.space.name
        vectors = self.encoder.encode_images([keyframe.pixels for keyframe in keyframes])
        found = iter(
            Embedding(keyframe.start_ms, keyframe.end_ms, space, vector)
            for keyframe, vector in zip(keyframes, vectors, strict=True)
        )
        return [[next(found) for _ in clip.keyframes] for clip in clips]
