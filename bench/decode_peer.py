"""What others do in place of our pass: PySceneDetect's command line, then a pass for keyframes.

The command is `scenedetect -i FILE detect-adaptive list-scenes` with its own settings (OpenCV
decodes, the pictures are scaled down to about 256 px, a table of scenes is written): the rule of
cuts is the one that our pass is asked for. Two passes for keyframes may follow it, each of which
writes one JPEG of each scene, of the frame's own size: the least that can be done, which seeks to
the middle of each scene; and one that looks at all frames, as ours does, for the sharpest. Our pass
gives a picture of each five seconds, in two sizes. Knows nothing of clocks.
"""

import csv
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

COMMAND = (sys.executable, "-P", "-m", "scenedetect")
JPEG_QUALITY = 90  # as our large pictures have it
LOOK_PX = 160  # width of the grey picture that sharpness is measured on; ours is about as small

AvFrame: TypeAlias = Any  # PyAV is typed differently from release to release


@dataclass(frozen=True)
class Scene:
    """A line of the command's table."""

    start_s: float
    end_s: float
    last_frame: int  # its number, counted from 1


def start_peer() -> None:
    """Start the command and let it end at once, which is what its start takes."""
    subprocess.run([*COMMAND, "version"], stdout=subprocess.DEVNULL, check=True)


def find_scenes(path: Path, folder: Path) -> list[Scene]:
    """Let the command find the scenes of a video; its table is written to the folder.

    Raises:
        subprocess.CalledProcessError: the command broke; what it said went to stderr.
    """
    words = ["-q", "-i", str(path), "-o", str(folder)]
    subprocess.run([*COMMAND, *words, "detect-adaptive", "list-scenes", "-q"], check=True)
    table = folder / f"{path.stem}-Scenes.csv"
    with table.open(encoding="utf-8", newline="") as file:
        next(file)  # the cuts alone, in one line
        return [_read_scene(row) for row in csv.DictReader(file)]


def write_middles(path: Path, scenes: Sequence[Scene], folder: Path) -> None:
    """Seek to the middle of each scene and write the frame shown then as `NUMBER.jpg`."""
    import av

    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        for number, scene in enumerate(scenes):
            middle_s = (scene.start_s + scene.end_s) / 2
            container.seek(int(middle_s * av.time_base))
            frames = container.decode(stream)
            frame = next(it for it in frames if it.time + 1 / stream.average_rate > middle_s)
            _write(frame, folder / f"{number}.jpg")


def write_sharpest(path: Path, scenes: Sequence[Scene], folder: Path) -> None:
    """Read the video again and write the sharpest frame of each scene as `NUMBER.jpg`."""
    import av
    import cv2
    from av.video.reformatter import VideoReformatter

    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        height = round(LOOK_PX * stream.height / stream.width / 2) * 2
        scaler = VideoReformatter()
        number, best, most = 0, None, -1.0
        for count, frame in enumerate(container.decode(stream)):
            if count == scenes[number].last_frame:
                _write(best, folder / f"{number}.jpg")
                number, most = number + 1, -1.0
            grey = scaler.reformat(frame, LOOK_PX, height, "gray", interpolation="FAST_BILINEAR")
            sharpness = float(cv2.Laplacian(grey.to_ndarray(), cv2.CV_16S).var())
            if sharpness > most:
                best, most = frame, sharpness
        _write(best, folder / f"{number}.jpg")


def _write(frame: AvFrame, path: Path) -> None:
    import cv2

    quality = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
    cv2.imwrite(str(path), frame.to_ndarray(format="bgr24"), quality)


def _read_scene(row: dict[str, str]) -> Scene:
    start_s, end_s = float(row["Start Time (seconds)"]), float(row["End Time (seconds)"])
    return Scene(start_s, end_s, int(row["End Frame"]))
