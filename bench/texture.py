"""Makes pictures that are as rich as nature's, and moves a camera over them.

For measuring decoders: flat pictures would be coded in a handful of bits and flatter every figure.
Knows nothing of files and of coding.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MARGIN = 1.25  # the texture is this much wider and higher than the frame: room for the camera
FALL = 1.15  # amplitude over frequency falls as 1/f**FALL; nature's is about 1
PAN = 0.06  # of the frame's width, travelled in one second
ZOOM = 0.03  # closer in one second


@dataclass(frozen=True)
class Size:
    """Of a frame, in px."""

    width: int
    height: int

    @property
    def name(self) -> str:
        """As people say it: `720p`."""
        return f"{self.height}p"


class Texture:
    """A store of noise from which pictures of any size up to its own are drawn."""

    def __init__(self, size: Size, rng: np.random.Generator) -> None:
        """Take the largest size to be drawn, and what decides everything."""
        self._rng = rng
        self._noises = [_draw_noise(size, rng) for _ in range(4)]

    def draw(self, size: Size, brightness: float) -> NDArray[np.uint8]:
        """Two grounds with a sharp ragged border between them; (h, w, 3) RGB.

        Args:
            size: of the picture.
            brightness: mean of the picture, 0 to 255.
        """
        border = self._pick(size) > 0
        grounds = []
        for sign in (-1, 1):
            light = self._pick(size)[..., None] * 26
            tint = np.stack([self._pick(size) for _ in range(3)], axis=-1) * 7
            colour = brightness + sign * 18 + self._rng.uniform(-30, 30, 3)
            grounds.append(light + tint + colour.astype(np.float32))
        pixels = np.where(border[..., None], *grounds)
        return np.clip(pixels, 0, 255).astype(np.uint8)

    def _pick(self, size: Size) -> NDArray[np.float32]:
        """One of the noises, shifted: it has no seam; (h, w)."""
        noise = self._noises[self._rng.integers(len(self._noises))]
        shift = (int(self._rng.integers(noise.shape[0])), int(self._rng.integers(noise.shape[1])))
        return np.roll(noise, shift, axis=(0, 1))[: size.height, : size.width]


def _draw_noise(size: Size, rng: np.random.Generator) -> NDArray[np.float32]:
    """Noise in all octaves with the falling spectrum of natural pictures; mean 0, deviation 1."""
    shape = (size.height, size.width // 2 + 1)
    rows = np.fft.fftfreq(size.height)[:, None]
    columns = np.fft.rfftfreq(size.width)[None]
    frequency = np.hypot(rows, columns)
    frequency[0, 0] = np.inf
    waves = rng.standard_normal(shape) + 1j * rng.standard_normal(shape)
    noise = np.fft.irfft2(waves / frequency**FALL, s=(size.height, size.width))
    return np.asarray(noise / noise.std(), dtype=np.float32)


def film_texture(
    size: Size, seconds: float, *, fps: int = 25, shot_seconds: float = 4.0, seed: int = 0
) -> Iterator[NDArray[np.uint8]]:
    """Frames (h, w, 3) RGB of a film: a cut every so often, the camera pans and zooms between.

    Neighbouring shots differ in brightness, which is what makes a cut.
    """
    rng = np.random.default_rng(seed)
    wide = Size(round(size.width * MARGIN / 2) * 2, round(size.height * MARGIN / 2) * 2)
    small = Size(size.width // 4, size.height // 3)
    texture = Texture(wide, rng)
    frames = round(seconds * fps)
    shot_frames = round(shot_seconds * fps)
    for first in range(0, frames, shot_frames):
        brightness = (80.0, 125.0, 170.0)[first // shot_frames % 3]
        ground, thing = texture.draw(wide, brightness), texture.draw(small, brightness)
        camera = _Camera(ground, thing, size, heading=float(rng.uniform(0, 2 * np.pi)))
        for number in range(min(shot_frames, frames - first)):
            yield camera.look(number / fps)


class _Camera:
    """One shot: the camera travels over a ground, over which a round thing circles."""

    def __init__(
        self, ground: NDArray[np.uint8], thing: NDArray[np.uint8], size: Size, heading: float
    ) -> None:
        from PIL import Image, ImageDraw

        self._ground, self._thing = Image.fromarray(ground), Image.fromarray(thing)
        self._size = size
        self._heading = heading
        self._mask = Image.new("L", self._thing.size)
        ImageDraw.Draw(self._mask).ellipse((0, 0, *self._thing.size), fill=255)

    def look(self, second: float) -> NDArray[np.uint8]:
        """The frame at a time since the start of the shot; (h, w, 3) RGB."""
        from PIL import Image

        frame = self._ground.resize(
            (self._size.width, self._size.height), Image.Resampling.BILINEAR, self._window(second)
        )
        x = self._size.width * (0.5 + 0.4 * np.sin(second + self._heading))
        y = self._size.height * (0.5 + 0.3 * np.cos(1.3 * second + self._heading))
        corner = (round(x - self._thing.width / 2), round(y - self._thing.height / 2))
        frame.paste(self._thing, corner, self._mask)
        return np.asarray(frame)

    def _window(self, second: float) -> tuple[float, float, float, float]:
        """What is seen of the ground (x0, y0, x1, y1), px: it travels and narrows."""
        width = self._size.width / (1 + ZOOM * second)
        height = self._size.height / (1 + ZOOM * second)
        slack_x, slack_y = self._ground.width - width, self._ground.height - height
        travel = PAN * self._size.width * (second - 2)
        x = float(np.clip(slack_x / 2 + travel * np.cos(self._heading), 0, slack_x))
        y = float(np.clip(slack_y / 2 + travel * np.sin(self._heading), 0, slack_y))
        return x, y, x + width, y + height
