"""Cuts parts out of pictures when they are asked for; keeps none. Knows no HTTP, no persons."""

import io
import os
import re
import stat
from pathlib import Path

from analyzers.finding import Box
from search.error import QueryInvalid

NUMBER = r"(?:0(?:\.[0-9]{1,8})?|1(?:\.0{1,8})?)"
BOX = rf"^{NUMBER}(?:,{NUMBER}){{3}}$"
MOST_PX = 320  # longer side of what is cut
QUALITY = 88  # of JPEG
AROUND = 0.4  # of the face's size, on each side: hair and chin


def read_box(text: str) -> Box:
    """A box from `x0,y0,x1,y1`, fractions of width and height.

    Raises:
        QueryInvalid: it is none, or has no area.
    """
    if not re.fullmatch(BOX, text):
        raise QueryInvalid("box: write x0,y0,x1,y1, each a fraction from 0 to 1")
    x0, y0, x1, y1 = map(float, text.split(","))
    if not (x0 < x1 and y0 < y1):
        raise QueryInvalid("box: has no area; write x0,y0,x1,y1 with x0 < x1 and y0 < y1")
    return x0, y0, x1, y1


def write_box(box: Box) -> str:
    """The same as text, with what surrounds it."""
    x0, y0, x1, y1 = box
    wide, high = AROUND * (x1 - x0), AROUND * (y1 - y0)
    sides = (x0 - wide, y0 - high, x1 + wide, y1 + high)
    return ",".join(f"{min(max(side, 0.0), 1.0):.4f}" for side in sides)


def cut_picture(path: Path, box: Box) -> bytes:
    """A part of a picture as JPEG, without metadata.

    Raises:
        OSError: there is no plain file, or it is no picture.
    """
    from PIL import Image

    if not stat.S_ISREG(os.lstat(path).st_mode):
        raise FileNotFoundError(path)
    with Image.open(path) as picture:
        width, height = picture.size
        left, top = int(box[0] * width), int(box[1] * height)
        right, bottom = max(left + 1, round(box[2] * width)), max(top + 1, round(box[3] * height))
        part = picture.crop((left, top, right, bottom)).convert("RGB")
    part.thumbnail((MOST_PX, MOST_PX))
    buffer = io.BytesIO()
    part.save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()
