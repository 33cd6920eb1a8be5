"""Persons over HTTP: listed with their faces, named, joined, parted, hidden and forgotten."""

import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
from PIL import Image
from talking import ask, post

from search.client import ApiRefused, SearchClient
from tests.cast import FILMS, LEFT, RIGHT, SKIN, make_cast

Served = Callable[..., str]
JSON = "application/json"


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory, shotseek: Any) -> Path:
    """Two films with three people; never changed."""
    videos, folder = tmp_path_factory.mktemp("films"), tmp_path_factory.mktemp("cast")
    return make_cast(videos, folder / "cast.collection", shotseek)


@pytest.fixture(scope="module")
def still(served: Served, cast: Path) -> SearchClient:
    """A client of a server of which nothing is changed."""
    return SearchClient(served(cast))


@pytest.fixture
def own(cast: Path, tmp_path: Path) -> Path:
    """A collection of this test's own."""
    return Path(shutil.copytree(cast, tmp_path / "own.collection"))


@pytest.fixture
def client(served: Served, own: Path) -> SearchClient:
    """A client of a server of it."""
    return SearchClient(served(own))


def pixels(client: SearchClient, address: str) -> Any:
    picture = Image.open(io.BytesIO(client.read_media(address)))
    assert picture.format == "JPEG"
    return np.asarray(picture.convert("RGB")).astype(int)


def shows(picture: Any, who: str) -> bool:
    """Whether the skin of somebody covers a good part of a picture."""
    return bool((np.abs(picture - SKIN[who]).max(axis=2) < 24).mean() > 0.1)


def test_clusters_are_listed_the_largest_first(still: SearchClient) -> None:
    found = still.persons.list_()
    assert [(one.id, one.appearances, one.videos) for one in found.persons] == [
        ("p1", 3, 2),
        ("p0", 2, 1),
        ("p2", 1, 1),
    ]
    assert not any(one.known or one.name or one.hidden for one in found.persons)
    assert (found.total, found.hidden) == (3, 0)
    page = still.persons.list_(limit=1, offset=1)
    assert ([one.id for one in page.persons], page.total) == (["p0"], 3)


def test_a_face_is_cut_from_its_keyframe(still: SearchClient) -> None:
    for id, who in (("p0", "ann"), ("p2", "ann")):
        face = still.persons.get(id).face
        assert face is not None
        assert face.face is not None
        cut = pixels(still, face.face)
        assert shows(cut, who)
        assert not shows(cut, "bob")
        assert face.media is not None
        whole = pixels(still, face.media.picture)
        assert cut.shape[0] < whole.shape[0]
        assert cut.shape[1] < whole.shape[1]


def test_a_person_tells_where_it_is_seen(still: SearchClient) -> None:
    person = still.persons.get("p0")
    assert [(face.name, face.start_ms) for face in person.faces] == [
        ("meeting.mp4", 0),
        ("meeting.mp4", 4000),
    ]
    assert person.shots == 2
    assert all(face.box == pytest.approx(LEFT) for face in person.faces)
    for face in person.faces:
        assert face.shot is not None
        shot = still.shot(face.shot)
        assert shot.start_ms <= face.time_ms < shot.end_ms
    later = still.persons.get("p0", limit=1, offset=1)
    assert [face.start_ms for face in later.faces] == [4000]
    assert later.appearances == 2


def test_a_shot_tells_whose_faces_it_shows(client: SearchClient) -> None:
    bob = client.persons.name("p1", "Bob")
    shot = next(face.shot for face in client.persons.get("p0").faces if face.start_ms == 4000)
    assert shot is not None
    ann, other = client.persons.in_shot(shot).faces
    assert (ann.person, ann.person_name, ann.known) == ("p0", None, False)
    assert (other.person, other.person_name, other.known) == (bob.id, "Bob", True)
    assert ann.box == pytest.approx(LEFT)
    assert other.box == pytest.approx(RIGHT)
    assert shows(pixels(client, ann.face or ""), "ann")
    client.persons.hide(bob.id)
    assert [face.person for face in client.persons.in_shot(shot).faces] == ["p0"]
    named = client.persons.name_face(ann.video, ann.time_ms, "Ann", box=ann.box)
    (ann,) = client.persons.in_shot(shot).faces
    assert (ann.person, ann.person_name) == (named.id, "Ann")
    answer = ask(f"{client.url}/v1/shots/{shot.partition('@')[0]}@999999999/faces")
    assert answer.status == 404


def test_without_faces_nobody_is_listed(small_address: str) -> None:
    answer = ask(f"{small_address}/v1/persons")
    assert answer.json == {"persons": [], "total": 0, "hidden": 0}


def test_who_is_unknown_is_a_problem_with_a_hint(still: SearchClient) -> None:
    for id in ("Zoe", "p9", "p-0123456789abcdef", "a b", "."):
        answer = ask(f"{still.url}/v1/persons/{id.replace(' ', '%20')}x")
        assert answer.status == 404
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json["hint"]


def test_a_named_cluster_is_a_person_that_stays(client: SearchClient, own: Path) -> None:
    ann = client.persons.name("p0", "  Ann ")
    assert (ann.name, ann.known, ann.appearances) == ("Ann", True, 2)
    assert ann.id.startswith("p-")
    assert client.persons.list_().persons[0].id == ann.id
    assert client.persons.get("ann").id == ann.id
    assert [one.name for one in client.persons.list_("AN").persons] == ["Ann"]
    assert client.persons.name(ann.id, "Anna").name == "Anna"
    assert client.persons.name(ann.id, None).name is None
    assert (own / "people.sqlite").is_file()


def test_a_name_that_is_taken_or_none_is_refused(client: SearchClient) -> None:
    client.persons.name("p0", "Ann")
    bob = client.persons.name("p1", "Bob")
    with pytest.raises(ApiRefused, match="Ann") as taken:
        client.persons.name(bob.id, "ann")
    assert taken.value.status == 409
    for name in ("", " ", "p-0123456789abcdef", "a\x00b"):
        with pytest.raises(ApiRefused) as refused:
            client.persons.name(bob.id, name)
        assert refused.value.status == 422
    assert client.persons.get(bob.id).name == "Bob"


def test_the_face_of_a_moment_is_named(client: SearchClient) -> None:
    video = next(one for one in client.videos().videos if one.name == "meeting.mp4")
    bob = client.persons.name_face(video.id, 2500, "Bob")
    assert (bob.name, bob.appearances) == ("Bob", 3)
    with pytest.raises(ApiRefused, match="2 faces") as several:
        client.persons.name_face(video.id, 4500, "Ann")
    assert several.value.status == 422
    ann = client.persons.name_face(video.id, 4500, "Ann", box=LEFT)
    assert [face.box[0] for face in ann.faces] == pytest.approx([LEFT[0]] * 2)
    walk = next(one for one in client.videos().videos if one.name == "walk.mp4")
    same = client.persons.name_face(walk.id, 500, "ANN")
    assert (same.id, same.appearances) == (ann.id, 3)
    with pytest.raises(ApiRefused) as nobody:
        client.persons.name_face(walk.id, 5000, "Ann")
    assert nobody.value.status == 404


def test_what_was_torn_apart_is_joined(client: SearchClient) -> None:
    ann = client.persons.name("p0", "Ann")
    whole = client.persons.merge(["p2"], ann.id)
    assert (whole.id, whole.appearances, whole.videos, whole.shots) == (ann.id, 3, 2, 3)
    assert [one.id for one in client.persons.list_().persons] == [ann.id, "p1"]


def test_who_was_taken_for_another_is_parted(client: SearchClient) -> None:
    bob = client.persons.name("p1", "Bob")
    wrong = [face for face in bob.faces if face.name == "walk.mp4"]
    cleo = client.persons.split(bob.id, wrong, "Cleo")
    assert (cleo.name, [face.name for face in cleo.faces]) == ("Cleo", ["walk.mp4"])
    assert {face.name for face in client.persons.get("Bob").faces} == {"meeting.mp4"}
    with pytest.raises(ApiRefused) as nothing:
        client.persons.split(cleo.id, cleo.faces, "Zoe")
    assert nothing.value.status == 409


def test_hidden_ones_are_listed_only_where_asked(client: SearchClient) -> None:
    hidden = client.persons.hide("p2")
    assert hidden.hidden
    found = client.persons.list_()
    assert ([one.id for one in found.persons], found.hidden) == (["p1", "p0"], 1)
    assert hidden.id in {one.id for one in client.persons.list_(hidden=True).persons}
    assert not client.persons.unhide(hidden.id).hidden
    assert client.persons.list_().hidden == 0


def test_forgetting_wants_the_name_once_more_and_is_for_good(
    client: SearchClient, own: Path
) -> None:
    ann = client.persons.name("p0", "Ann Example")
    for wrong in ("", "yes", "ann example", "p0"):
        with pytest.raises(ApiRefused, match="confirm") as refused:
            client.persons.forget(ann.id, confirm=wrong)
        assert refused.value.status == 422
    assert client.persons.get(ann.id).appearances == 2
    assert client.persons.export(ann.id)["said"]["person"]["name"] == "Ann Example"
    gone = client.persons.forget(ann.id, confirm="Ann Example")
    assert gone.appearances == 2
    assert gone.tombstones >= 2
    for name in (ann.id, "Ann Example", "p0"):
        with pytest.raises(ApiRefused) as missing:
            client.persons.get(name)
        assert missing.value.status == 404
    assert [one.id for one in client.persons.list_().persons] == ["p1", "p2"]
    assert client.search(where=["colour=blue"]).generation  # the server answers on
    left = [file for file in own.rglob("*") if file.is_file()]
    assert not [file.name for file in left if b"Ann Example" in file.read_bytes()]


def test_an_export_tells_all_but_the_servers_folders(client: SearchClient, own: Path) -> None:
    told = str(client.persons.export("p0"))
    assert "meeting.mp4" in told
    assert str(own.parent) not in told
    assert "films" not in told


@pytest.mark.parametrize("act", ["name", "merge", "split", "hidden", "forget"])
def test_no_foreign_page_can_change_anything(still: SearchClient, act: str) -> None:
    """Without CORS a browser sends what a form can: plain text, never JSON."""
    bodies = {
        "name": b'{"name": "Eve"}',
        "merge": b'{"persons": ["p1"]}',
        "split": b'{"places": [], "name": "Eve"}',
        "hidden": b'{"hidden": true}',
        "forget": b'{"confirm": "p0"}',
    }
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        answer = post(f"{still.url}/v1/persons/p0/{act}", bodies[act], kind)
        assert answer.status == 422, answer.body
    assert len(still.persons.list_().persons) == 3


def test_nonsense_is_refused_with_its_field(still: SearchClient) -> None:
    url = f"{still.url}/v1/persons"
    for path, body, said in (
        ("/p0/name", b"{}", "name"),
        ("/p0/name", b'{"name": 3}', "name"),
        ("/p0/name", b'{"name": "a", "more": 1}', "more"),
        ("/p0/merge", b'{"persons": []}', "persons"),
        ("/p0/split", b'{"places": [{"video": "a", "time_ms": 0, "box": [0, 0, 2, 1]}]}', "box"),
        ("", b'{"face": {"video": "a", "time_ms": -1}}', "time_ms"),
    ):
        answer = post(url + path, body, JSON)
        assert (answer.status, said in answer.json["detail"]) == (422, True), answer.json


def test_a_guarded_server_tells_nothing_and_signs_faces(
    served: Served, cast: Path, token: str
) -> None:
    address = served(cast, token=token)
    assert ask(f"{address}/v1/persons").status == 401
    assert post(f"{address}/v1/persons/p0/name", b'{"name": "Eve"}', JSON).status == 401
    client = SearchClient(address, token=token)
    face = client.persons.get("p0").face
    assert face is not None
    assert face.face is not None
    assert ask(address + face.face).status == 200
    path = urlsplit(face.face).path
    assert ask(f"{address}{path}?box=0.1,0.1,0.2,0.2").status == 403


def test_a_part_of_a_picture_is_what_its_box_says(still: SearchClient) -> None:
    shot = still.video("meeting.mp4").shots[1]
    address = still.url + shot.media.picture
    whole = pixels(still, shot.media.picture)
    x0, y0, x1, y1 = RIGHT
    part = pixels(still, f"{shot.media.picture}?box={x0},{y0},{x1},{y1}")
    wanted = np.array([(y1 - y0) * whole.shape[0], (x1 - x0) * whole.shape[1]])
    assert np.abs(np.array(part.shape[:2]) - wanted).max() <= 2
    assert shows(part, "bob")
    kept = ask(f"{address}?box=0,0,1,1")
    assert kept.headers["Cache-Control"] == "private, max-age=300"
    for box in ("", "1", "0,0,1", "0,0,1,2", "-1,0,1,1", "0.5,0,0.5,1", "a,b,c,d", "0,0,1,1,1"):
        assert ask(address, {"box": box}).status == 422, box
    gone = address.replace(str(shot.time_ms), str(shot.time_ms + 1))
    assert ask(gone, {"box": "0,0,1,1"}).status == 404


def test_all_who_are_painted_are_found(still: SearchClient) -> None:
    painted = sum(len(shot) for shots in FILMS.values() for shot in shots)
    assert sum(one.appearances for one in still.persons.list_().persons) == painted
