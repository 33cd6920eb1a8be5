"""Finds the video that a person names: by file name, path, end of a path, or public id."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import PurePath

from indexer.error import AmbiguousVideo, VideoMissing

NEAREST = 3


@dataclass(frozen=True)
class NamedVideo:
    """What a video can be called by."""

    id: int
    uid: str
    path: str


def choose_video(name: str, videos: Sequence[NamedVideo]) -> int:
    """The id of the video that is meant.

    The first of these that fits anything decides: its path, its file name, the end of its path, its
    public id.

    Raises:
        AmbiguousVideo: several have that name; their paths tell them apart.
        VideoMissing: none has.
    """
    whole = os.path.abspath(name)
    parts = PurePath(name).parts
    chosen = (
        [video for video in videos if video.path in (name, whole)]
        or [video for video in videos if PurePath(video.path).parts[-len(parts) :] == parts]
        or [video for video in videos if video.uid == name]
    )
    if len(chosen) == 1:
        return chosen[0].id
    if not chosen:
        raise VideoMissing(f"no video is named {name}{_nearest(name, videos)}")
    paths = ", ".join(sorted(video.path for video in chosen))
    raise AmbiguousVideo(f"{len(chosen)} videos are named {name}; give the path of one: {paths}")


def _nearest(name: str, videos: Sequence[NamedVideo]) -> str:
    names = {PurePath(video.path).name for video in videos}
    near = get_close_matches(PurePath(name).name, names, NEAREST)
    return f"; the nearest: {', '.join(near)}" if near else ""
