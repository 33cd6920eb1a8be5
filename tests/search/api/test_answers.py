"""Answers are written in one pass and sent at once, and say what `to_json` says."""

import hmac
import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from talking import ask

from search.api.addresses import Addresses, KeyedHash
from search.api.protocol import ProblemProtocol
from search.hits import Hit, Why
from search.wire import Found, LabelCount

TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
NUMBER = st.floats(0, 1, width=32)
EVIDENCE = st.one_of(TEXT, NUMBER, st.none(), st.lists(NUMBER, max_size=2))


def whys(children: st.SearchStrategy[tuple[Why, ...]]) -> st.SearchStrategy[Why]:
    return st.builds(
        Why, kind=TEXT, score=st.none() | NUMBER, match=st.booleans(), known=st.booleans(),
        weight=st.none() | NUMBER, children=children,
        asked=EVIDENCE, cosine=EVIDENCE,
    )  # fmt: skip


WHYS = st.recursive(
    whys(st.just(())),
    lambda parts: whys(st.lists(parts, max_size=2).map(tuple)),
    max_leaves=4,
)
HITS = st.builds(
    Hit, rank=st.integers(1, 10), video=TEXT, video_id=TEXT, shot=TEXT,
    start_ms=st.integers(0, 10**9), end_ms=st.integers(0, 10**9), time_ms=st.integers(0, 10**9),
    score=NUMBER, why=WHYS,
    estimated=st.booleans(), similar=st.integers(0, 2),
)  # fmt: skip


def found(*hits: Hit, **more: Any) -> Found:
    addresses = Addresses("secret", 60)
    media = tuple(addresses.moment("ab", hit.start_ms, 7, playable=True) for hit in hits)
    told = {"space": None, "took_ms": 0.5, "total": len(hits), "generation": "g", **more}
    return Found(hits=hits, media=media, **told)


@given(st.lists(HITS, max_size=3), st.lists(TEXT, max_size=2).map(tuple), st.none() | TEXT)
def test_bytes_say_what_plain_values_say_in_the_same_order(
    hits: list[Hit], notes: tuple[str, ...], cursor: str | None
) -> None:
    page = found(*hits, notes=notes, cursor=cursor)
    assert json.dumps(json.loads(page.to_bytes())) == json.dumps(page.to_json())
    assert Found.model_validate_json(page.to_bytes()) == page


def test_names_that_are_no_utf_8_are_escaped() -> None:
    why = Why(kind="text", score=1.0)
    odd = Hit(rank=1, video="\udcff.mp4", video_id="a", shot="a@0", start_ms=0, end_ms=1,
              time_ms=0, score=1.0, why=why)  # fmt: skip
    for page in (found(odd), LabelCount(name="\udcff", vocabulary="é", shots=1)):
        assert rb"\udcff" in page.to_bytes()
        assert json.loads(page.to_bytes()) == page.to_json()
    assert "é".encode() in LabelCount(name="é", vocabulary="", shots=1).to_bytes()


@given(st.binary(min_size=1, max_size=64), st.binary(max_size=200))
def test_signatures_are_hmac_sha256(key: bytes, text: bytes) -> None:
    signing = KeyedHash(key)
    for _ in range(2):
        assert signing.digest(text) == hmac.digest(key, text, "sha256")


def test_no_answer_waits_for_the_client_to_confirm_the_one_before(
    served: Callable[..., str], small_collection: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once: list[int] = []
    made = ProblemProtocol.connection_made

    def look(self: ProblemProtocol, transport: Any) -> None:
        made(self, transport)
        line = transport.get_extra_info("socket")
        at_once.append(line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    monkeypatch.setattr(ProblemProtocol, "connection_made", look)
    assert ask(f"{served(small_collection)}/healthz").status == 200
    assert at_once
    assert all(at_once)
