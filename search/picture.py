"""Reads any picture that is handed in as pixels: the one place that knows picture files.

Knows no query. Transparent parts become white; the first picture of an animation counts.
"""

import io
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from search.error import PictureUnreadable

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST_PX = 80_000_000
# Formats with a plain decoder; others may start programs (EPS) or are rare.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "PPM", "JPEG2000", "ICO")
LONGER_SIDE_PX = 1280  # as the pictures that were indexed


def read_picture(data: bytes, name: str = "", *, most_px: int = LARGEST_PX) -> NDArray[np.uint8]:
    """The bytes of a picture file to (h, w, 3) RGB pixels, upright, at most 1280 px long.

    Args:
        data: the file.
        name: what people call it, for messages.
        most_px: more pixels are refused before they are unpacked.

    Raises:
        PictureUnreadable: it is no picture, is broken, or has too many pixels.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    called = name or "the picture"
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            if opened.width * opened.height > most_px:
                raise PictureUnreadable(
                    f"{called} has {opened.width} x {opened.height} pixels, more than "
                    f"{most_px:,}: hand in a smaller one"
                )
            opened.draft("RGB", (LONGER_SIDE_PX, LONGER_SIDE_PX))
            upright = _to_rgb(ImageOps.exif_transpose(opened))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureUnreadable(f"{called} has too many pixels: hand in a smaller one") from error
    except UnidentifiedImageError as error:
        raise PictureUnreadable(
            f"{called} cannot be read as a picture: it is none, or of a kind not known here"
        ) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise PictureUnreadable(f"{called} cannot be read as a picture: {error}") from error
    upright.thumbnail((LONGER_SIDE_PX, LONGER_SIDE_PX), reducing_gap=2.0)
    return np.asarray(upright)


def _to_rgb(picture: "Image") -> "Image":
    """8-bit RGB from any mode; what is transparent shows white."""
    from PIL import Image

    if picture.mode.startswith(("I", "F")):
        values = np.asarray(picture, np.float64)
        unit = values / 257 if picture.mode.startswith("I") else values * 255  # 16 bit; [0, 1]
        return Image.fromarray(np.clip(unit, 0, 255).astype(np.uint8)).convert("RGB")
    if picture.has_transparency_data:
        opaque = picture.convert("RGBA")
        ground = Image.new("RGBA", opaque.size, "white")
        return Image.alpha_composite(ground, opaque).convert("RGB")
    return picture.convert("RGB")
