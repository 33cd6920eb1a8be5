"""Finds the videos that people name: by id, by the file's name, by path. Knows no query."""

import difflib
from collections import Counter

from indexer.error import VideoMissing
from indexer.generations.generation import VideoTable
from search.error import NameShared

SHOWN = 5  # candidates that a message lists
COMPARED = 1000  # names, of about the same length, among which the nearest is looked for


def find_videos(videos: VideoTable, text: str) -> list[int]:
    """Indexes of the videos with that id, else that name, else that path or end of a path.

    A name that is no UTF-8 is also found as it is shown, with question marks.

    Raises:
        VideoMissing: there is none; the message gives the nearest.
    """
    shown = text.encode("utf-8", "replace").decode("utf-8")
    for asked in dict.fromkeys((text, shown)):
        found = _find_exactly(videos, asked)
        if found:
            return found
    names = sorted(set(videos.name), key=lambda name: abs(len(name) - len(text)))
    near = difflib.get_close_matches(text, names[:COMPARED], 1, 0.0)
    hint = f"; the nearest is {near[0]}" if near else ": it is empty"
    raise VideoMissing(f"the collection has no video {text}{hint}")


def _find_exactly(videos: VideoTable, text: str) -> list[int]:
    for names in (videos.uid, videos.name, videos.path):
        found = [number for number, name in enumerate(names) if name == text]
        if found:
            return found
    tail = "/" + text.lstrip("/")
    return [number for number, path in enumerate(videos.path) if path.endswith(tail)]


def get_video(videos: VideoTable, text: str) -> int:
    """The index of the one video with that id, name or path.

    Raises:
        VideoMissing: there is none; the message gives the nearest.
        NameShared: there are several; the message gives their paths.
    """
    found = find_videos(videos, text)
    if len(found) > 1:
        paths = ", ".join(videos.path[number] for number in found[:SHOWN])
        said = f"{len(found)} videos are called {text}; name one by its path: {paths}"
        raise NameShared(said, text, found)
    return found[0]


def public_names(videos: VideoTable) -> list[str]:
    """What each video is called: the file's name, or its path where two share it."""
    counts = Counter(videos.name)
    return [
        name if counts[name] == 1 else path
        for name, path in zip(videos.name, videos.path, strict=True)
    ]
