"""A picture with boxes drawn on it, each with a word or two.

Knows nothing of searching: boxes and texts come ready from the screens.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from ui.components.mount import mount


@dataclass(frozen=True)
class DrawnBox:
    """A box on a picture.

    Attributes:
        box: x0, y0, x1, y1 as fractions of width and height.
        label: what is in it; shown as it is, never as HTML.
        dashed: drawn as something that was not seen there itself.
    """

    box: tuple[float, float, float, float]
    label: str
    dashed: bool = False


def show_boxed(picture: str, boxes: Sequence[DrawnBox], *, title: str, key: str) -> None:
    """Show a picture with boxes.

    Args:
        picture: its address.
        boxes: the first is drawn below the others.
        title: what the picture is, for those who do not see it.
        key: unique in the app.
    """
    data = {"picture": picture, "boxes": [asdict(each) for each in boxes], "title": title}
    mount("boxed", ("clock",), data, key, ("expired",))
