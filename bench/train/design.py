"""The shape of the text-image encoder: both towers, the size of a picture, as open_clip says it.

Knows nothing of weights and of training.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

    from bench.train.tokens import Tokens

# Of a channel of a picture from 0 to 1; those of films drawn in plain colours lie near these.
MEAN, SPREAD = 0.5, 0.25


@dataclass(frozen=True)
class Design:
    """Both towers of the encoder."""

    picture_tower: str = "regnetx_002"  # a name of timm
    height: int = 144  # of a picture, px
    width: int = 256
    dim: int = 192  # of the vectors
    text_width: int = 96
    text_heads: int = 3
    text_layers: int = 3
    context_length: int = 64  # pieces, both ends included

    def describe(self, pieces: int, eos_id: int) -> dict[str, Any]:
        """The `model_cfg` of open_clip for a vocabulary of so many pieces."""
        vision = {
            "timm_model_name": self.picture_tower,
            "timm_model_pretrained": False,
            "timm_pool": "avg",
            "timm_proj": "linear",
            "image_size": [self.height, self.width],
        }
        text = {
            "context_length": self.context_length,
            "vocab_size": pieces,
            "hf_tokenizer_name": "own",  # any name: open_clip takes that of the folder
            "width": self.text_width,
            "heads": self.text_heads,
            "layers": self.text_layers,
            "pool_type": "eos",
            "eos_id": eos_id,
        }
        return {
            "embed_dim": self.dim,
            "vision_cfg": vision,
            "text_cfg": text,
            "custom_text": True,
        }


def build_model(design: Design, tokens: "Tokens", seed: int) -> "torch.nn.Module":
    """Both towers with the chance weights of a seed, in float32 on the CPU."""
    import torch

    from analyzers.openclip import build_untrained

    settings = design.describe(len(tokens), tokens.end_id)
    with torch.random.fork_rng(devices=()):
        torch.manual_seed(seed)
        model = build_untrained(settings)
    return model


def count_weights(model: "torch.nn.Module") -> int:
    """How many numbers were learned."""
    return sum(int(weight.numel()) for weight in model.parameters())
