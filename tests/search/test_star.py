"""Stars in what is searched for in words."""

from collections.abc import Callable

import pytest

from indexer.generations.expression import QuerySyntax
from search.hits import SearchResult

Ask = Callable[..., SearchResult]


@pytest.mark.parametrize("text", ["en*ry", "en**ry", "*en*ry*", '"no en*ry"'])
def test_a_star_inside_a_word_is_refused_with_what_to_write(ask: Ask, text: str) -> None:
    with pytest.raises(QuerySyntax, match=r"a star stands before or after a word.*en\* \*ry"):
        ask({"kind": "words", "text": text})


@pytest.mark.parametrize("text", ["ent*", "*try", "*ntr*", "**ntr**", '"no *try"'])
def test_a_star_before_or_after_a_word_finds_it(ask: Ask, text: str) -> None:
    assert [hit.shot for hit in ask({"kind": "words", "text": text}).hits] == ["a1@1000"]
