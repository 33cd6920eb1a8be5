"""Pictures that people hand in."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from search.error import PictureUnreadable
from search.picture import LONGER_SIDE_PX, read_picture

RED = (200, 30, 20)


def packed(picture: Image.Image, form: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def plain(mode: str, colour: object) -> Image.Image:
    return Image.new(mode, (40, 20), colour)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data", "colour"),
    [
        (packed(plain("RGB", RED), "PNG"), RED),
        (packed(plain("RGB", RED).convert("CMYK"), "JPEG", quality=95), RED),
        (packed(plain("L", 90), "PNG"), (90, 90, 90)),
        (packed(plain("LA", (90, 255)), "PNG"), (90, 90, 90)),
        (packed(plain("1", 1), "TIFF"), (255, 255, 255)),
        (packed(plain("I;16", 90 * 257), "PNG"), (90, 90, 90)),
        (packed(plain("F", 0.5), "TIFF"), (127, 127, 127)),
        (packed(plain("RGB", RED).convert("P"), "GIF"), RED),
        (packed(plain("RGBA", (*RED, 255)), "PNG"), RED),
        (packed(plain("RGBA", (*RED, 0)), "PNG"), (255, 255, 255)),
        (packed(plain("P", 0), "PNG", transparency=0), (255, 255, 255)),
    ],
)
def test_a_picture_of_any_mode_becomes_rgb(data: bytes, colour: tuple[int, int, int]) -> None:
    pixels = read_picture(data)
    assert pixels.shape == (20, 40, 3)
    assert pixels.dtype == np.uint8
    assert np.abs(pixels.reshape(-1, 3).mean(axis=0) - colour).max() <= 30


def test_a_picture_stands_upright() -> None:
    left_red = Image.new("RGB", (40, 20), (0, 0, 250))
    left_red.paste((250, 0, 0), (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees clockwise to see it upright: left becomes top
    pixels = read_picture(packed(left_red, "PNG", exif=exif))
    assert pixels.shape == (40, 20, 3)
    assert pixels[2, 10].tolist() == [250, 0, 0]


def test_a_large_picture_is_made_smaller() -> None:
    pixels = read_picture(packed(Image.new("RGB", (3000, 1500), RED), "JPEG"))
    assert pixels.shape[1] == LONGER_SIDE_PX
    assert pixels.shape[0] == LONGER_SIDE_PX // 2


def test_the_first_picture_of_an_animation_counts() -> None:
    second = plain("RGB", (0, 0, 250))
    data = packed(plain("RGB", RED), "GIF", save_all=True, append_images=[second])
    assert read_picture(data)[0, 0, 0] > 150


@pytest.mark.parametrize("width", [8500, 20_000])
def test_a_picture_of_too_many_pixels_is_refused_unread(width: int) -> None:
    data = packed(Image.new("1", (width, 10_000)), "PNG")
    with pytest.raises(PictureUnreadable, match=r"bomb\.png has .*pixels"):
        read_picture(data, "bomb.png")


@pytest.mark.parametrize(
    "data",
    [b"", b"no picture", packed(plain("RGB", RED), "PNG")[:60], b"\x89PNG\r\n\x1a\n" + b"\0" * 50],
    ids=["empty", "text", "cut off", "broken"],
)
def test_what_is_no_picture_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(PictureUnreadable, match=r"^a\.png cannot be read as a picture") as refused:
        read_picture(data, "a.png")
    assert "\n" not in str(refused.value)
    assert "BytesIO" not in str(refused.value)


def test_real_pictures_are_read(material: Path) -> None:
    seen = 0
    for path in sorted((material / "images").rglob("*")):
        if path.suffix.lower() in (".png", ".jpg", ".jpeg", ".tif", ".gif", ".webp"):
            pixels = read_picture(path.read_bytes(), path.name)
            assert pixels.ndim == 3
            seen += 1
    assert seen > 3
