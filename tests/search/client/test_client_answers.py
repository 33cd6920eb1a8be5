"""The client against a real server, and against the real application in the same process."""

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from search.client import ApiRefused, FoundHits, SearchClient
from search.client.transport import Request, Response
from search.query import read_query

RED, BLUE = "a/été.mp4", "b/été.mp4"  # what they show
NO_UTF8 = "bad\udcff <b>&.mp4"


@pytest.fixture(scope="module")
def client(api: str) -> SearchClient:
    return SearchClient(api, timeout_s=60)


def red_picture() -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.full((40, 60, 3), (200, 20, 20), np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


def videos_of(found: FoundHits) -> list[str]:
    return ["/".join(hit.video.split("/")[-2:]) for hit in found]


def test_all_of_a_search_fits_in_words(client: SearchClient) -> None:
    found = client.search(
        "red", then=["green"], within=10, where=["colour=red"], k=50, group="video", space=None
    )
    assert videos_of(found) == [RED]
    assert found[0].why.kind == "then"
    one = client.search("red", then="green", within="0:10", where="colour=red")
    assert one.hits == found.hits


def test_nothing_but_filters_and_a_tree(client: SearchClient) -> None:
    flat = client.search(where=["colour=blue"])
    tree = client.search(read_query('{"kind": "colour", "name": "blue"}'), k=5)
    assert flat.hits == tree.hits
    assert videos_of(flat) == [BLUE]


def test_a_picture_is_an_id_bytes_or_a_file(client: SearchClient, tmp_path: Path) -> None:
    path = tmp_path / "red.png"
    path.write_bytes(red_picture())
    by_file = client.search(picture=path, k=1)
    by_bytes = client.search(picture=red_picture(), k=1)
    by_id = client.search(picture=client.upload_picture(path).id, k=1)
    assert by_file.hits == by_bytes.hits == by_id.hits
    assert videos_of(by_file) == [RED]


def test_pages_follow_the_cursor(client: SearchClient) -> None:
    whole = client.search(where="size>0", sort="time")
    pages = [*client.pages(where="size>0", sort="time", k=2)]
    assert [hit for page in pages for hit in page] == [*whole]
    assert len(pages) == (len(whole) + 1) // 2 > 1
    assert [hit.rank for page in pages for hit in page] == [*range(1, len(whole) + 1)]


def test_similar_takes_a_hit_or_an_id(client: SearchClient) -> None:
    hit = client.search("green", k=1)[0]
    assert client.similar(hit, k=2).hits == client.similar(hit.shot, k=2).hits
    assert hit.shot not in [one.shot for one in client.similar(hit)]


@pytest.mark.parametrize("name", [NO_UTF8, RED])
def test_names_travel_whatever_they_hold(client: SearchClient, name: str) -> None:
    name = next(one.name for one in client.videos().videos if one.name.endswith(name))
    asked = client.search(where=[f"video={name}"])
    assert {hit.video for hit in asked} == {name}
    assert client.search(like=f"{name}@0.1", k=1)[0].video == name
    assert client.video(name).name == name
    assert client.video(asked[0].video_id).shots[0].id == asked[0].shot


def test_what_is_known_is_asked_by_noun(client: SearchClient) -> None:
    assert client.health().status == "ok"
    assert client.collection().videos == 3
    assert client.videos("ÉTÉ").total == 2
    assert client.shot(client.search("red")[0]).video.name.endswith(RED)
    assert "colour/red" in client.labels().known().labels
    assert "colour=red" in [one.where for one in client.suggest("red").suggestions]


def test_media_are_read_by_their_addresses(client: SearchClient) -> None:
    moment = client.search("red", k=1).moments()[0]
    small = client.read_media(moment.media.small)
    assert small == client.read_media(client.address(moment.media.small))
    assert Image.open(io.BytesIO(small)).format == "JPEG"
    with pytest.raises(ApiRefused) as refused:
        client.read_media("/media/pictures/../../etc/passwd")
    assert refused.value.status == 404


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ({"where": "colur=red"}, 422),
        ({"query": " "}, 422),
        ({}, 422),
        ({"query": "red", "k": 0}, 422),
        ({"query": "red", "space": "none"}, 422),
        ({"query": "red", "cursor": "x"}, 422),
        ({"like": "nowhere.mp4@1"}, 404),
        ({"picture": "0" * 32}, 422),
    ],
)
def test_what_the_api_refuses_has_a_status(
    client: SearchClient, words: dict[str, Any], status: int
) -> None:
    with pytest.raises(ApiRefused) as refused:
        client.search(**words)
    assert refused.value.status == status
    assert refused.value.detail
    assert refused.value.hint


def test_a_token_opens_and_its_lack_is_told(guarded_api: str, token_file: Path) -> None:
    with pytest.raises(ApiRefused) as refused:
        SearchClient(guarded_api).search("red")
    assert refused.value.status == 401
    client = SearchClient(guarded_api, token=token_file.read_text())
    found = client.search("red")
    assert client.read_media(found.media[0].small).startswith(b"\xff\xd8")
    assert SearchClient(guarded_api).read_media(found.media[0].small)  # its address is signed


def test_threads_share_a_client(client: SearchClient) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = [*pool.map(lambda n: client.search("red", k=1 + n % 3), range(48))]
    assert {one.hits[:1] for one in found} == {found[0].hits[:1]}


class InProcess:
    """Hands requests to an ASGI application in this process."""

    def __init__(self, app: Any) -> None:
        from starlette.testclient import TestClient

        self._client = TestClient(app, base_url="http://in.process", follow_redirects=False)

    def send(self, request: Request, timeout_s: float) -> Response:
        answer = self._client.request(
            request.method, request.url, headers=dict(request.headers), content=request.body
        )
        headers = {key.lower(): value for key, value in answer.headers.items()}
        return Response(answer.status_code, headers, answer.content)


@pytest.fixture
def near(odd_collection: Path, tmp_path: Path) -> SearchClient:
    from search.api.app import make_app
    from search.api.serving import Serving
    from search.api.settings import ServeSettings

    serving = Serving.open_(odd_collection, ServeSettings(cache=tmp_path), "sesame")
    transport = InProcess(make_app(serving))
    return SearchClient("http://in.process", token="sesame", transport=transport)


def test_any_transport_will_do(near: SearchClient, client: SearchClient) -> None:
    assert near.search("red", where=["colour=red"])[0].shot == client.search("red")[0].shot
    assert near.search(picture=red_picture(), k=1)[0].video.endswith(RED)
    with pytest.raises(ApiRefused):
        near.search("red", k=0)
