"""A vocabulary of pieces of words, learned from captions: each word seen in them is one piece.

Words are lower-cased and freed of accents. What was never seen falls into smaller pieces, at last
into bytes, so nothing is unknown. Knows nothing of what words mean.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.train.error import TrainingError

MOST_PIECES = 8000
PAD, BEGIN, END = "<pad>", "<s>", "</s>"


class Tokens:
    """Texts to the ids of their pieces."""

    def __init__(self, tokenizer: Any, context_length: int) -> None:
        """Around a `tokenizers.Tokenizer` that puts texts between BEGIN and END."""
        self._tokenizer = tokenizer
        self._tokenizer.enable_truncation(context_length)
        self._tokenizer.enable_padding(pad_id=tokenizer.token_to_id(PAD), pad_token=PAD)
        self.context_length = context_length
        self.end_id: int = tokenizer.token_to_id(END)

    def __len__(self) -> int:
        """How many pieces there are."""
        return int(self._tokenizer.get_vocab_size())

    def encode(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """(n, longest) ids, padded on the right."""
        found = self._tokenizer.encode_batch(list(texts))
        return np.array([each.ids for each in found], np.int64)

    def count_pieces(self, word: str) -> int:
        """Into how many pieces a word falls: one if it was seen."""
        return len(self._tokenizer.encode(word, add_special_tokens=False).ids)

    def format(self) -> str:
        """The whole vocabulary as JSON, which `read_tokens` understands."""
        text: str = self._tokenizer.to_str()
        return text

    def write(self, folder: Path) -> None:
        """Write tokenizer.json and tokenizer_config.json, as transformers reads them."""
        kind = {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": self.context_length,
            "pad_token": PAD,
            "bos_token": BEGIN,
            "eos_token": END,
            "clean_up_tokenization_spaces": False,
        }
        (folder / "tokenizer.json").write_text(self.format(), encoding="utf-8")
        text = json.dumps(kind, indent=2) + "\n"
        (folder / "tokenizer_config.json").write_text(text, encoding="utf-8")


def learn_tokens(captions: Iterable[str], context_length: int) -> Tokens:
    """The vocabulary of these captions.

    Raises:
        TrainingError: they hold more words than MOST_PIECES can make.
    """
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
    from tokenizers.processors import TemplateProcessing

    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase()]
    )
    # Each word, number and mark by itself and with a space before it, wherever it stands.
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.BertPreTokenizer(),
            pre_tokenizers.ByteLevel(add_prefix_space=True, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=MOST_PIECES,
        special_tokens=[PAD, BEGIN, END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    seen = sorted(set(captions))
    tokenizer.train_from_iterator(seen, trainer)
    ends = [(mark, tokenizer.token_to_id(mark)) for mark in (BEGIN, END)]
    tokenizer.post_processor = TemplateProcessing(
        single=f"{BEGIN} $A {END}", pair=None, special_tokens=ends
    )
    if tokenizer.get_vocab_size() >= MOST_PIECES:
        raise TrainingError(f"the captions hold more words than {MOST_PIECES} pieces can make")
    return Tokens(tokenizer, context_length)


def read_tokens(text: str, context_length: int) -> Tokens:
    """The vocabulary that `Tokens.format` wrote."""
    from tokenizers import Tokenizer

    return Tokens(Tokenizer.from_str(text), context_length)
