"""What the browser sends is checked before anybody uses it."""

import base64

import pytest

from ui.components.keys import KeyEvent, pasted

JPEG = b"\xff\xd8\xff\xe0 a picture"
ADDRESS = "data:image/jpeg;base64," + base64.b64encode(JPEG).decode()


def test_a_pasted_picture_arrives_as_bytes() -> None:
    assert pasted({"name": "cat.png", "data_url": ADDRESS}) == KeyEvent("cat.png", JPEG)


@pytest.mark.parametrize("name", [None, "", 3])
def test_a_picture_without_a_name_gets_one(name: object) -> None:
    event = pasted({"name": name, "data_url": ADDRESS})
    assert event
    assert event.name == "pasted.jpg"


@pytest.mark.parametrize(
    "value",
    [
        None,
        "text",
        [ADDRESS],
        {},
        {"name": "a.jpg", "data_url": None},
        {"name": "a.jpg", "data_url": "data:text/html;base64,PGI+"},
        {"name": "a.jpg", "data_url": "data:image/jpeg;base64,%%%"},
        {"name": "a.jpg", "data_url": "data:image/jpeg;base64,\u00e9"},
        {"name": "a.jpg", "data_url": "http://elsewhere/a.jpg"},
    ],
)
def test_anything_else_is_no_picture(value: object) -> None:
    assert pasted(value) is None
