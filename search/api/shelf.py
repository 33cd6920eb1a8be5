"""What the catalog says of the videos, held in memory: by public id, with where the files are now.

Read again when the search files change, so that it fits them. Knows no HTTP, decodes nothing.
"""

import os
import re
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from analyzers.error import SettingsError
from indexer.collection import Collection
from indexer.collection_file import read_collection_file
from indexer.error import CollectionChanged, VideoMissing
from indexer.records import Video
from search.clips.playability import LATE_MS, looks_playable

ID = re.compile("[0-9a-f]{1,64}")  # of videos; nothing else is asked of a database


@dataclass(frozen=True)
class MediaRoot:
    """A folder of videos that was moved."""

    old: str
    new: str

    @classmethod
    def read(cls, text: str) -> "MediaRoot":
        """From `OLD=NEW`.

        Raises:
            SettingsError: it is written otherwise.
        """
        old, equals, new = text.partition("=")
        if not (old and equals and new):
            raise SettingsError(f"--media-root {text}: write OLD=NEW, two folders")
        return cls(old.rstrip("/") or "/", new)


@dataclass(frozen=True)
class Content:
    """The videos of a collection as they stood at one moment."""

    videos: dict[str, Video]
    playable: frozenset[str]


class Shelf:
    """The videos of a collection; safe to share between threads."""

    def __init__(self, collection: Collection, roots: Sequence[MediaRoot]) -> None:
        self._collection = collection
        self._roots = roots
        self._content = Content({}, frozenset())
        self._known: dict[int, Video] = {}  # by insertion number

    def check_place(self) -> None:
        """See that the folder still holds this collection.

        Raises:
            CollectionChanged: another one was put in its place.
            ShotseekError: none can be read there.
        """
        if read_collection_file(self._collection.folder).id != self._collection.id:
            raise CollectionChanged(
                f"{self._collection.folder}: another collection was put in the place of the one "
                "that is served; start the server anew to serve it"
            )

    def read(self) -> None:
        """Read again what changed of the videos."""
        before = self._content.playable
        with self._collection.catalog.reading() as reader:
            revisions = reader.read_revisions()
            known = {id: video for id, video in self._known.items() if id in revisions}
            held = {id: video.revision for id, video in known.items()}
            stale = [id for id, revision in revisions.items() if held.get(id) != revision]
            read = reader.find_videos(stale)
        known.update((video.id, video) for video in read)
        fresh = {video.uid: _looks_playable(video) for video in read}
        videos = {video.uid: video for video in known.values()}
        playable = frozenset(uid for uid in videos if fresh.get(uid, uid in before))
        self._known, self._content = known, Content(videos, playable)

    def get(self, video_id: str) -> Video:
        """The video of a public id.

        Raises:
            VideoMissing: there is none.
        """
        video = self._content.videos.get(video_id) or self._ask(video_id)
        if video is None:
            raise VideoMissing(f"the collection has no video with the id {video_id}")
        return video

    def is_playable(self, video_id: str) -> bool:
        """Whether browsers probably play the file as it is."""
        return video_id in self._content.playable

    def find_file(self, video: Video) -> Path | None:
        """Where the video's file is now, if its folder was moved or it was indexed elsewhere.

        A link is followed only to a file of the size that was indexed: media libraries may be made
        of links, but a link that was put in a video's place leads nowhere.
        """
        place = self._place(video)
        if not _holds(place, video):
            video = self._ask(video.uid) or video
            place = self._place(video)
        return place if _holds(place, video) else None

    def _ask(self, video_id: str) -> Video | None:
        if not ID.fullmatch(video_id):
            return None
        with self._collection.catalog.reading() as reader:
            return reader.find_video("uid", video_id)

    def _place(self, video: Video) -> Path:
        for root in self._roots:
            inside = video.path.removeprefix(root.old)
            if inside != video.path and (inside.startswith("/") or root.old == "/"):
                return Path(root.new, inside.lstrip("/"))
        return Path(video.path)


def _holds(path: Path, video: Video) -> bool:
    """Whether there is a plain file, or a link to what was indexed."""
    try:
        status = os.stat(path)
        is_link = stat.S_ISLNK(os.lstat(path).st_mode)
    except (OSError, ValueError):
        return False
    is_file = stat.S_ISREG(status.st_mode)
    return is_file and (not is_link or status.st_size == video.size_bytes)


def _looks_playable(video: Video) -> bool:
    """Also whether browsers would show it at the times of the index, without stumbling."""
    if video.first_ms > LATE_MS or video.warnings:
        return False
    return looks_playable(video.name, video.container.format, video.container.codec)
