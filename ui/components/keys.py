"""The keyboard of the whole page, its help, and pictures pasted anywhere.

Knows no screen: `/` goes to the first text box, Escape in it goes to the grid.
"""

import base64
from dataclasses import dataclass

from ui.components.mount import mount

JPEG = "data:image/jpeg;base64,"


@dataclass(frozen=True)
class KeyEvent:
    """A picture was pasted.

    Attributes:
        name: the file's name, "pasted.jpg" where the clipboard gave none.
        picture: the bytes of a JPEG file of at most 1280 pixels a side, made by the browser; not
            to be trusted more than an upload.
    """

    name: str
    picture: bytes


def listen_keys(*, key: str) -> KeyEvent | None:
    """Listen to the page's keys and return the picture pasted since the last run.

    Args:
        key: unique in the app; mount it once per page.
    """
    return pasted(mount("keys", ("targets",), {}, key, ("picture",)).get("picture"))


def pasted(value: object) -> KeyEvent | None:
    """Return the picture in what the browser sent, None if it sent none or no JPEG."""
    if not isinstance(value, dict):
        return None
    name, address = value.get("name"), value.get("data_url")
    if not isinstance(address, str) or not address.startswith(JPEG):
        return None
    try:
        picture = base64.b64decode(address.removeprefix(JPEG), validate=True)
    except ValueError:
        return None
    return KeyEvent(name if isinstance(name, str) and name else "pasted.jpg", picture)
