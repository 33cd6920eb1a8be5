"""Clips over HTTP: what browsers cannot play is made playable, within limits, beside searches."""

import io
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image
from talking import ask, post

from bench.videos import Coding, write_video

Run = Callable[..., Any]
SHOTS = 24


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An AVI of many shots that browsers do not play."""
    folder = tmp_path_factory.mktemp("films")
    write_video(folder / "Lauf 1.avi", frames(), Coding(codec="mpeg4", pixels="yuv420p"))
    return folder


def frames() -> Any:
    """25 frames of every shot, of noise in one of two colours."""
    noise = np.random.default_rng(1).integers(0, 90, (432, 768, 3), np.uint8)
    for shot in range(SHOTS):
        colour = np.array([(150, 0, 0), (0, 0, 150), (0, 150, 0)][shot % 3], np.uint8)
        for number in range(25):
            yield np.roll(noise, number * 8, axis=1) + colour


@pytest.fixture(scope="module")
def collection(shotseek: Run, films: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clips") / "c"
    ran = shotseek("index", films, "--collection", folder, "--encoder", "toy")
    assert ran.code == 0, ran.err
    return folder


def shots_of(address: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(f"{address}/v1/videos/Lauf%201.avi").json["shots"]
    return found


def length_ms(data: bytes) -> float:
    with av.open(io.BytesIO(data)) as container:
        assert container.streams.video[0].codec_context.name == "h264"
        times = [frame.time for frame in container.decode(video=0)]
    return (max(times) - min(times)) * 1000


def test_what_browsers_cannot_play_is_played_as_a_clip(
    served: Callable[..., str], collection: Path
) -> None:
    address = served(collection)
    shots = shots_of(address)
    assert len(shots) >= SHOTS // 2
    media = shots[1]["media"]
    assert media["play"] == media["clip"]
    assert media["play_from_ms"] == media["clip_from_ms"] == shots[1]["start_ms"]
    clip = ask(address + media["clip"], {"download": "true"})
    assert (clip.status, clip.headers["Content-Type"]) == (200, "video/mp4")
    said = clip.headers["Content-Disposition"]
    second = shots[1]["start_ms"] // 1000
    assert said == f'attachment; filename="Lauf 1 0m{second:02}s.mp4"'
    wanted = shots[1]["end_ms"] - shots[1]["start_ms"]
    assert length_ms(clip.body) == pytest.approx(wanted, abs=120)
    part = ask(address + media["clip"], Range="bytes=4-7")
    assert (part.status, part.body) == (206, b"ftyp")
    whole = ask(f"{address}/media/videos/{shots[1]['id'].partition('@')[0]}")
    assert whole.headers["Content-Type"] == "video/x-msvideo"


def test_a_clip_is_no_longer_than_is_allowed(served: Callable[..., str], collection: Path) -> None:
    address = served(collection, clip_seconds=0.5)
    clip = ask(address + shots_of(address)[0]["media"]["clip"])
    assert clip.status == 200
    assert length_ms(clip.body) < 520


def test_searches_go_on_while_clips_wait(served: Callable[..., str], collection: Path) -> None:
    address = served(collection, transcodes=1)
    clips = [shot["media"]["clip"] for shot in shots_of(address)]
    with ThreadPoolExecutor(50) as pool:
        waiting = [pool.submit(ask, address + clips[n % len(clips)]) for n in range(50)]
        searches = []
        while not all(one.done() for one in waiting):
            began = time.perf_counter()
            assert ask(f"{address}/v1/search", {"text": "red"}).status == 200
            searches.append(time.perf_counter() - began)
            time.sleep(0.02)
        statuses = {one.result().status for one in waiting}
    assert statuses <= {200, 503}
    assert 200 in statuses
    assert len(searches) > 10, "the clips were made too fast to tell"
    assert max(searches) < 3


def test_too_many_clips_are_put_off(
    served: Callable[..., str], collection: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.api.serving.CLIP_WAIT_S", 0.05)
    address = served(collection, transcodes=1)
    clips = [shot["media"]["clip"] for shot in shots_of(address)]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda clip: ask(address + clip), clips[:12]))
    late = [answer for answer in answers if answer.status == 503]
    assert late
    assert all(answer.headers["Retry-After"] and answer.json["hint"] for answer in late)
    assert {answer.status for answer in answers} == {200, 503}


def test_what_cannot_be_decoded_is_told(
    served: Callable[..., str], collection: Path, films: Path, tmp_path: Path
) -> None:
    (tmp_path / "Lauf 1.avi").write_bytes(b"RIFF" + bytes(5000))
    address = served(collection, media_root=(f"{films}={tmp_path}",))
    answer = ask(address + shots_of(address)[0]["media"]["clip"])
    assert answer.status == 404
    assert "Lauf 1.avi" in answer.json["detail"]
    assert str(tmp_path) not in answer.json["detail"]
    assert ask(f"{address}/media/clips/ffffffffffff@0.mp4").status == 404
    assert ask(f"{address}/v1/search", {"text": "red"}).status == 200


@pytest.mark.parametrize("space", ["clips", "pictures"])
def test_where_nothing_can_be_kept_searches_go_on(
    served: Callable[..., str], collection: Path, tmp_path: Path, space: str
) -> None:
    (tmp_path / space).write_bytes(b"in the way")
    address = served(collection, cache=tmp_path)
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(picture, "PNG")
    if space == "clips":
        answer = ask(address + shots_of(address)[1]["media"]["clip"])
    else:
        answer = post(f"{address}/v1/pictures", picture.getvalue(), "image/png")
    assert answer.status == 503
    assert "--cache" in answer.json["hint"]
    assert ask(f"{address}/v1/search", {"text": "red"}).status == 200
    assert ask(f"{address}/metrics").status == 200


@pytest.mark.parametrize("fault", ["damaged", "late"])
def test_what_browsers_stumble_over_is_played_as_a_clip(
    shotseek: Run, served: Callable[..., str], plain_videos: Path, tmp_path: Path, fault: str
) -> None:
    file = tmp_path / f"{fault}.mp4"
    if fault == "late":
        write_video(file, islice(frames(), 25), times_ms=range(2000, 3000, 40))
    else:
        data = bytearray((plain_videos / "red-green.mp4").read_bytes())
        place = data.index(b"mdat") + 1200
        data[place : place + 300] = bytes(300)
        file.write_bytes(data)
    shotseek("index", file, "--collection", tmp_path / "c", "--encoder", "toy")
    address = served(tmp_path / "c")
    media = ask(f"{address}/v1/videos").json["videos"][0]["media"]
    assert media["play"] == media["clip"]
    assert ask(address + media["play"]).status == 200
