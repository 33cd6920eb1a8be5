"""Full text: words, expressions, and BM25 against a slow plain evaluation."""

import math
import re
import unicodedata
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analyzers.finding import Words, WordsKind
from indexer.generations import postings as postings_module
from indexer.generations import streams, word_writing
from indexer.generations.expression import QuerySyntax, Word, parse_expression
from indexer.generations.plain_content import PlainVideo, content_of
from indexer.generations.postings import Postings
from indexer.generations.tokens import BREAK, CJK, MARK_CODES, find_words, find_words_of
from indexer.generations.writing import build_in_memory

Said = tuple[WordsKind, str]
READ, SAID, TITLE = WordsKind.READ, WordsKind.SAID, WordsKind.TITLE


def postings_of(said: Sequence[Said]) -> Postings:
    """One document for each text, one per second, in one video."""
    findings = [
        ("tester", Words(1000 * second, 1000 * second + 1000, kind, text))
        for second, (kind, text) in enumerate(said)
    ]
    video = PlainVideo("video", [(0, 1000 * len(said) + 1)], findings=findings)
    return build_in_memory(content_of([video])).words


def found(expression: str, *texts: str) -> list[int]:
    """The numbers of the texts that match."""
    return postings_of([(READ, text) for text in texts]).find(expression).docs.tolist()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello, WORLD!", ["hello", "world"]),
        ("Don't l\u2019été", ["don", "t", "l", "ete"]),
        ("École Straße naïve Łódź İstanbul", ["ecole", "strasse", "naive", "łodz", "istanbul"]),
        ("snake_case e-mail 3.14 mp4", ["snake", "case", "e", "mail", "3", "14", "mp4"]),
        ("東京タワー", ["東", "京", "タ", "ワ", "ー"]),
        ("が か 한국 NHK紅白", ["が", "か", "한", "국", "nhk", "紅", "白"]),
        ("\uff26\uff35\uff2c\uff2c ﬁne x²", ["full", "fine", "x2"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("Москва Йод ѐ", ["москва", "иод", "\u0435"]),
        ("שָׁלוֹם مُحَمَّد", ["שלום", "محمد"]),
        ("-- ... _ \ud800 \x00", []),
        ("", []),
    ],
)
def test_texts_are_cut_into_folded_words(text: str, words: list[str]) -> None:
    assert find_words(text) == words


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_words_are_found_again_in_themselves(text: str) -> None:
    for word in find_words(text):
        assert "".join(find_words(word)) == word


# Letters of many scripts, marks in and above the basic plane, CJK, breaks, lone surrogates.
ODD = "aZ9_ \n\r\u2028\u00e9\u00df\u0130\ufb01\u0301\u0345\u05b8\u064e\u0939\u093f\u094d\u6771"
ODD += "\u304b\u3099\uff76"
ODD += "\U00020000\U0001d165\U00011046\U0001e8d0\U0001f600\ud800\u212b\u1e9b\u0323"
ODD_TEXTS = st.lists(st.text(ODD, max_size=12) | st.text(max_size=12), max_size=5)


def plain_words(text: str) -> list[str]:
    """Character by character."""
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    kept = [c for c in spread if not is_accent(unicodedata.combining(c))]
    words: list[str] = []
    last = "none"
    for letter in unicodedata.normalize("NFC", "".join(kept)):
        is_mark = unicodedata.category(letter)[0] == "M" and ord(letter) in MARK_CODES
        is_cjk = re.match(f"[{CJK}]", letter) is not None
        if is_mark and last != "none":
            words[-1] += letter
        elif is_cjk or is_mark or letter.isalnum():
            if last == "letters" and not is_cjk:
                words[-1] += letter
            else:
                words.append(letter)
            last = "cjk" if is_cjk else "letters"
        else:
            last = "none"
    return words


def is_accent(combining: int) -> bool:
    return combining == 1 or 10 <= combining <= 36 or 200 <= combining <= 240


@given(ODD_TEXTS)
@settings(max_examples=200, deadline=None)
def test_many_texts_are_cut_as_each_by_itself(texts: list[str]) -> None:
    each = [plain_words(text) for text in texts]
    assert [find_words(text) for text in texts] == each
    assert find_words_of(texts) == [word for words in each for word in [*words, BREAK]]


@pytest.mark.parametrize(
    ("expression", "phrases"),
    [
        ("new york", [(Word("new"),), (Word("york"),)]),
        ('"New York" city', [(Word("new"), Word("york")), (Word("city"),)]),
        ("light* *house", [(Word("light", open_end=True),), (Word("house", open_start=True),)]),
        ("*ring*", [(Word("ring", open_start=True, open_end=True),)]),
        ("e-mail*", [(Word("e"), Word("mail", open_end=True))]),
        ('"new yo*"', [(Word("new"), Word("yo", open_end=True))]),
        ('a"b c"d', [(Word("a"),), (Word("b"), Word("c")), (Word("d"),)]),
        ("a & b", [(Word("a"),), (Word("b"),)]),
        ('"" a', [(Word("a"),)]),
    ],
)
def test_expressions_are_parsed(expression: str, phrases: list[tuple[Word, ...]]) -> None:
    assert parse_expression(expression) == phrases


@pytest.mark.parametrize("expression", ['"new york', 'a" b "c"', "", "  ", '""', "*", "&&"])
def test_an_expression_that_makes_no_sense_is_refused_with_its_text(expression: str) -> None:
    with pytest.raises(QuerySyntax) as raised:
        parse_expression(expression)
    assert expression in str(raised.value)


def test_all_words_must_occur_in_any_order() -> None:
    assert found("york new", "New York", "york", "new shoes", "York is new") == [0, 3]


def test_a_phrase_needs_its_words_side_by_side_in_order() -> None:
    assert found('"new york"', "in New York!", "york new", "new old york", "new", "york") == [0]


def test_a_phrase_does_not_reach_into_the_next_document() -> None:
    assert found('"new york"', "old new", "york city") == []


def test_a_phrase_may_repeat_a_word() -> None:
    assert found('"a b a"', "a b", "a b a", "b a b", "a a b a") == [1, 3]


def test_words_of_one_picture_are_one_phrase_across_lines() -> None:
    lines = [("ocr", Words(0, 1000, READ, line)) for line in ("Grand", "Hotel", "Budapest")]
    other = ("other", Words(0, 1000, READ, "Budapest Grand"))
    video = PlainVideo("video", [(0, 1000)], findings=[lines[0], other, *lines[1:]])
    words = build_in_memory(content_of([video])).words
    matches = words.find('"hotel budapest"')
    assert [words.documents.text(doc) for doc in matches.docs] == ["Grand Hotel Budapest"]
    assert words.find('"budapest budapest"').docs.tolist() == []


def test_stars_stand_for_any_characters() -> None:
    texts = ("ring", "rings", "string", "strings", "rang")
    assert found("ring", *texts) == [0]
    assert found("ring*", *texts) == [0, 1]
    assert found("*ring", *texts) == [0, 2]
    assert found("*ring*", *texts) == [0, 1, 2, 3]
    assert found('"a *ring* b"', "a string b", "a string c b") == [0]


def test_a_star_does_not_reach_over_the_end_of_a_word() -> None:
    assert found("*ab*", "a b", "ba ab") == [1]


def test_case_and_accents_make_no_difference() -> None:
    assert found("ECOLE", "l'école") == found("école", "ECOLE") == [0]


def test_characters_of_chinese_and_japanese_are_found_inside_a_text() -> None:
    assert found("京タ", "東京タワー", "タ京") == [0]
    assert found("*京*", "東京タワー", "タワー") == [0]


def test_a_possessive_is_found_by_its_noun() -> None:
    texts = ("the dog\u2019s house", "dogs")
    assert found("dog", *texts) == found("dog's", *texts) == [0]


def test_only_the_asked_kinds_are_found_and_counted() -> None:
    said = [(READ, "red"), (SAID, "red red"), (TITLE, "red"), (SAID, "blue"), (READ, "green")]
    postings = postings_of(said)
    assert postings.find("red", {READ}).docs.tolist() == [0]
    assert postings.find("red", {SAID, TITLE}).docs.tolist() == [1, 2]
    assert postings.find("red", set()).docs.tolist() == []
    alone = postings_of([(READ, "red"), (READ, "green")])
    np.testing.assert_allclose(postings.find("red", {READ}).bm25, alone.find("red").bm25)


def test_bm25_has_the_values_of_its_formula() -> None:
    postings = postings_of([(READ, "a a b"), (READ, "a"), (READ, "c c c c")])
    matches = postings.find("a")
    idf = math.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    mean = 8 / 3
    expected = [
        idf * f * 2.2 / (f + 1.2 * (0.25 + 0.75 * length / mean)) for f, length in ((2, 3), (1, 1))
    ]
    np.testing.assert_allclose(matches.bm25, expected, rtol=1e-6)
    assert matches.bm25.dtype == np.float32


def test_a_word_may_stand_more_often_than_a_byte_can_say() -> None:
    postings = postings_of([(READ, "a " * 300), (READ, "a b"), (READ, "c")])
    assert postings.find("a b").docs.tolist() == [1]
    expected = plain_find([(READ, "a " * 300), (READ, "a b"), (READ, "c")], "a", {READ})
    np.testing.assert_allclose(postings.find("a").bm25, list(expected.values()), rtol=1e-6)


@pytest.mark.parametrize("many", [0, 10**6])
def test_occurrences_of_several_words_under_a_star_are_added_up(
    many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postings_module, "MANY", many)
    said = [(READ, "ab " * 200 + "ac " * 200), (READ, "ab"), (READ, "c")]
    expected = plain_find(said, "a*", {READ})
    np.testing.assert_allclose(
        postings_of(said).find("a*").bm25, list(expected.values()), rtol=1e-6
    )


def test_words_that_begin_so_are_given_the_most_frequent_first() -> None:
    postings = postings_of([(READ, "ab ab \u00e1c"), (SAID, "abc ac ac b"), (SAID, "ab x")])
    assert postings.begin_with("a", 9) == [("ab", 3), ("ac", 3), ("abc", 1)]
    assert postings.begin_with("a", 1) in ([("ab", 3)], [("ac", 3)])
    assert postings.begin_with("q", 9) == []
    kinds = dict(zip(map(str, postings.documents.kinds), postings.kinds_with("ab", 9), strict=True))
    assert {kind: count for kind, count in kinds.items() if count} == {"read": 1, "said": 1}
    assert postings.kinds_with("ab", 1).sum() == 1
    assert postings.kinds_with("q", 9).sum() == 0


# A slow plain evaluation of the same, text by text.


def stands_for(word: Word, text: str) -> bool:
    pattern = (".*" if word.open_start else "") + re.escape(word.text)
    return re.fullmatch(pattern + (".*" if word.open_end else ""), text) is not None


def count(phrase: Sequence[Word], words: Sequence[str]) -> int:
    starts = range(len(words) - len(phrase) + 1)
    return sum(
        all(stands_for(word, words[start + n]) for n, word in enumerate(phrase)) for start in starts
    )


def plain_find(said: Sequence[Said], expression: str, kinds: set[WordsKind]) -> dict[int, float]:
    documents = {n: find_words(text) for n, (kind, text) in enumerate(said) if kind in kinds}
    mean = sum(map(len, documents.values())) / max(len(documents), 1) or 1
    total = dict.fromkeys(documents, 0.0)
    for phrase in parse_expression(expression):
        counts = {n: count(phrase, words) for n, words in documents.items()}
        holding = sum(f > 0 for f in counts.values())
        idf = math.log(1 + (len(documents) - holding + 0.5) / (holding + 0.5))
        for n in list(total):
            f, length = counts[n], len(documents[n])
            if f == 0:
                del total[n]
            else:
                total[n] += idf * f * 2.2 / (f + 1.2 * (0.25 + 0.75 * length / mean))
    return total


WORDS = st.sampled_from(["a", "b", "ab", "aba", "Bá", "東", "c-a", "!", "it's"])
TEXTS = st.lists(WORDS, max_size=8).map(" ".join)
STARRED = st.builds("{}{}{}".format, st.sampled_from(["", "*"]), WORDS, st.sampled_from(["", "*"]))
PHRASES = st.lists(STARRED, min_size=1, max_size=3).map(lambda words: f'"{" ".join(words)}"')
EXPRESSIONS = st.lists(STARRED | PHRASES, min_size=1, max_size=3).map(" ".join)
SAIDS = st.lists(st.tuples(st.sampled_from([READ, SAID, TITLE]), TEXTS), max_size=12)


@given(SAIDS, EXPRESSIONS, st.sets(st.sampled_from(WordsKind)), st.booleans())
@settings(max_examples=300, deadline=None)
@example([(READ, "a b"), (READ, "b a")], '"a b" "b a"', {READ}, True)
@example([(READ, "a b b"), (READ, "b a"), (READ, "ab b")], "a* b", {READ}, False)
def test_documents_and_bm25_are_those_of_a_plain_evaluation(
    said: list[Said], expression: str, kinds: set[WordsKind], in_tables: bool
) -> None:
    try:
        expected = plain_find(said, expression, kinds)
    except QuerySyntax:
        return
    with pytest.MonkeyPatch.context() as patch:
        for name in ("LOOKUP", "MANY"):
            patch.setattr(postings_module, name, 10**6 if in_tables else 0)
        matches = postings_of(said).find(expression, kinds)
    assert matches.docs.tolist() == sorted(expected)
    np.testing.assert_allclose(matches.bm25, [expected[n] for n in sorted(expected)], rtol=1e-5)


@given(SAIDS)
@settings(max_examples=50, deadline=None)
def test_small_chunks_change_nothing(said: list[Said]) -> None:
    whole = postings_of(said)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(streams, "CHUNK_BYTES", 40)
        patch.setattr(word_writing, "NARROW_PLACES", 3)
        patch.setattr(word_writing, "TEXTS_AT_ONCE", 2)
        parts = postings_of(said)
    assert parts.place.tolist() == whole.place.tolist()
    assert parts.first.tolist() == whole.first.tolist()
    assert parts.doc_at.tolist() == whole.doc_at.tolist()
    assert parts.doc.tolist() == whole.doc.tolist()
    assert parts.count.tolist() == whole.count.tolist()
    assert parts.first_doc.tolist() == whole.first_doc.tolist()
    assert [parts.documents.text(n) for n in range(len(parts.documents))] == [t for _, t in said]
    assert parts.find("a*").docs.tolist() == whole.find("a*").docs.tolist()


def test_documents_know_their_shots_and_texts() -> None:
    findings = [
        ("subtitles", Words(500, 2500, WordsKind.SUBTITLE, "Œuvre, “ça”")),
        ("subtitles", Words(1000, 2000, WordsKind.SUBTITLE, "inside")),
        ("subtitles", Words(9000, 9500, WordsKind.SUBTITLE, "after the end")),
    ]
    shots = [(0, 1000), (1000, 2000), (2000, 3000)]
    videos = [PlainVideo("a", shots), PlainVideo("b", shots, findings=findings)]
    documents = build_in_memory(content_of(videos)).words.documents
    assert documents.text(0) == "Œuvre, “ça”"
    assert documents.video.tolist() == [1, 1, 1]
    assert documents.first_shot.tolist()[:2] == [3, 4]
    assert documents.last_shot.tolist()[:2] == [5, 4]
    assert documents.last_shot[2] < documents.first_shot[2], "it overlaps none"
    assert documents.start_ms.tolist() == [500, 1000, 9000]
    assert documents.end_ms.tolist() == [2500, 2000, 9500]


SPANS = st.tuples(st.integers(-10, 60), st.integers(-10, 60))


@given(st.lists(st.lists(SPANS, max_size=4), min_size=1, max_size=3))
@settings(max_examples=100, deadline=None)
def test_documents_know_the_rows_whose_time_lies_in_them(
    spans: list[list[tuple[int, int]]],
) -> None:
    videos = [
        PlainVideo(
            f"v{number}",
            [(0, 20), (20, 50)],
            [0, 5, 20, 30, 49],
            [("t", Words(start, max(start, end), READ, "a")) for start, end in said],
        )
        for number, said in enumerate(spans)
    ]
    generation = build_in_memory(content_of(videos))
    documents, rows = generation.words.documents, generation.rows
    for doc in range(len(documents)):
        expected = [
            row
            for row, (video, time_ms) in enumerate(zip(rows.video, rows.time_ms, strict=True))
            if video == documents.video[doc]
            and documents.start_ms[doc] <= time_ms < documents.end_ms[doc]
        ]
        assert list(range(documents.first_row[doc], documents.end_row[doc])) == expected


def test_without_words_nothing_is_found() -> None:
    for words in (postings_of([]), postings_of([(READ, "...")])):
        assert words.find("a").docs.tolist() == []
        assert words.find("*a* b*").bm25.tolist() == []
