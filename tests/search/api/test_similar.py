"""More of the same: what looks like a shot, without the shot itself."""

from collections.abc import Callable
from pathlib import Path

from talking import ask


def test_the_shot_itself_is_left_out(small_address: str) -> None:
    videos = {v["name"]: v["id"] for v in ask(f"{small_address}/v1/videos").json["videos"]}
    shots = ask(f"{small_address}/v1/videos/red-green.mp4").json["shots"]
    green = shots[-1]["id"]
    found = ask(f"{small_address}/v1/similar", {"shot": green})
    assert found.status == 200, found.body
    hits = found.json["hits"]
    assert green not in [hit["shot"] for hit in hits]
    assert hits[0]["video_id"] == videos["green.mp4"]
    assert len(hits) == found.json["total"] == 4
    assert len(found.json["media"]) == 4


def test_any_time_in_the_shot_finds_it(small_address: str) -> None:
    shot = ask(f"{small_address}/v1/videos/red-green.mp4").json["shots"][1]
    uid = shot["id"].partition("@")[0]
    by_start = ask(f"{small_address}/v1/similar", {"shot": shot["id"], "k": 1}).json["hits"]
    inside = f"{uid}@{shot['end_ms'] - 1}"
    by_end = ask(f"{small_address}/v1/similar", {"shot": inside, "k": 1}).json["hits"]
    assert by_start[0]["shot"] == by_end[0]["shot"]


def test_shots_that_are_not_there(small_address: str) -> None:
    uid = ask(f"{small_address}/v1/videos").json["videos"][0]["id"]
    for shot in (f"{uid}@999999", "0123456789ab@0", "green.mp4@1", "@", f"{uid}@-5", f"{uid}@0.5"):
        answer = ask(f"{small_address}/v1/similar", {"shot": shot})
        assert answer.status == 404, shot
        assert answer.json["hint"]
    assert ask(f"{small_address}/v1/similar").status == 422


def test_pages(served: Callable[..., str], small_collection: Path, small_address: str) -> None:
    shot = ask(f"{small_address}/v1/videos/green.mp4").json["shots"][0]["id"]
    asked = {"shot": shot, "k": 3}
    first = ask(f"{small_address}/v1/similar", asked).json
    second = ask(f"{small_address}/v1/similar", {**asked, "cursor": first["cursor"]}).json
    assert [hit["rank"] for hit in second["hits"]] == [4]
