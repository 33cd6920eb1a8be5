"""Made-up words are as unevenly frequent as a language's, and queries ask for usual ones."""

from collections import Counter

import numpy as np

from bench.speed.words import draw_documents, draw_frequent_pairs, draw_lengths, draw_log_pairs

LENGTHS = draw_lengths(4000, 200_000, 1)


def draw_texts() -> list[str]:
    return next(draw_documents(LENGTHS, [slice(0, len(LENGTHS))], 1))


def test_documents_are_as_long_as_planned() -> None:
    texts = draw_texts()
    assert [len(text.split()) for text in texts] == LENGTHS.tolist()
    assert abs(LENGTHS.sum() - 200_000) < 2000
    assert texts == draw_texts()


def test_the_frequency_of_words_falls_with_their_rank() -> None:
    counts = [n for _, n in Counter(" ".join(draw_texts()).split()).most_common()]
    assert 0.03 < counts[0] / sum(counts) < 0.07
    slope = np.polyfit(np.log(np.arange(10, 300)), np.log(counts[10:300]), 1)[0]
    assert -1.15 < slope < -0.85


def test_pairs_of_the_log_stand_together_in_a_document_and_are_not_frequent() -> None:
    texts = draw_texts()
    held = [set(text.split()) for text in texts]
    pairs = draw_log_pairs(40, texts, LENGTHS, 1)
    assert len(pairs) == 40
    for first, second in map(str.split, pairs):
        assert any({first, second} <= words for words in held)
        assert max(sum(word in words for words in held) for word in (first, second)) < 100


def test_frequent_pairs_hold_in_many_documents() -> None:
    held = [set(text.split()) for text in draw_texts()]
    for pair in draw_frequent_pairs(5, 1):
        assert sum(set(pair.split()) <= words for words in held) > 1000
