"""All that the routes share: one collection, its newest generation, its media. Knows no routes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from anyio import CapacityLimiter
from fastapi import Depends, Request
from starlette.responses import Response

from indexer.collection import Collection
from search.api.addresses import Addresses
from search.api.current import CurrentEngine
from search.api.edition import Edition
from search.api.persons_door import PersonsDoor
from search.api.pictures import QueryPictures
from search.api.problem import Refused
from search.api.settings import ServeSettings
from search.api.shelf import MediaRoot, Shelf
from search.api.sizes import Sizes
from search.clips.cache import ClipCache
from search.clips.span import Limits
from search.encoders import Encoders
from search.engine import SearchEngine
from search.hits import Hit
from search.wire import Found, Media, Wire

SHOT = re.compile(r"([0-9a-f]{8,64})@([0-9]{1,12})")
CLIP_WAIT_S = 30.0  # for one's turn to have a clip made
CLIP_THREADS = 64  # wait for clips, apart from those that answer everything else
PICTURE_THREADS = 2  # unpack query pictures, each of which may be large


@dataclass(frozen=True)
class ShotPlace:
    """One shot of the newest generation, and the time at which it was asked for."""

    shot: int  # its number in the generation
    video_id: str
    start_ms: int
    end_ms: int
    time_ms: int


@dataclass(frozen=True)
class Serving:
    """What a running server holds."""

    settings: ServeSettings
    token: str | None
    collection: Collection
    current: CurrentEngine
    shelf: Shelf
    addresses: Addresses
    pictures: QueryPictures
    clips: ClipCache
    sizes: Sizes
    clip_threads: CapacityLimiter
    picture_threads: CapacityLimiter
    persons: PersonsDoor

    @classmethod
    def open_(
        cls,
        folder: Path,
        settings: ServeSettings,
        token: str | None,
        encoders: Encoders | None = None,
    ) -> "Serving":
        """Open a collection for serving.

        Args:
            folder: the collection's.
            settings: what an operator can set.
            token: what clients must send, if anything.
            encoders: models that exist already.

        Raises:
            ShotseekError: it cannot be opened.
        """
        collection = Collection.open_(folder)
        cache = settings.cache or default_cache(collection.id)
        pictures = QueryPictures(cache / "pictures", settings)
        shelf = Shelf(collection, [MediaRoot.read(text) for text in settings.media_root])
        return cls(
            settings,
            token,
            collection,
            CurrentEngine(folder, settings, pictures.read, shelf, encoders),
            shelf,
            Addresses(token, settings.media_hours * 3600),
            pictures,
            _clips(cache / "clips", settings),
            Sizes(folder),
            CapacityLimiter(CLIP_THREADS),
            CapacityLimiter(PICTURE_THREADS),
            PersonsDoor(collection),
        )

    def close(self) -> None:
        """Give up the clips that are being made, look for no newer search files, let go of all."""
        self.clips.close()
        self.current.stop()
        self.persons.close()
        self.collection.close()

    def edition(self) -> Edition:
        """The generation to answer from.

        Raises:
            GenerationMissing: nothing was built to search in yet.
        """
        return self.current.edition()

    def engine(self) -> SearchEngine:
        """Its engine; raises like `edition`."""
        return self.current.get()

    def find_shot(self, edition: Edition, id: str) -> ShotPlace:
        """The shot of a public id: `VIDEO_ID@MS`, any time in it.

        Raises:
            Refused: there is none.
        """
        named = SHOT.fullmatch(id)
        number = edition.numbers.get(named[1]) if named is not None else None
        if named is not None and number is not None:
            time_ms, layout = int(named[2]), edition.engine.layout
            shot = layout.shot_at(number, time_ms)
            if shot is not None:
                span = (int(layout.shots.start_ms[shot]), int(layout.shots.end_ms[shot]))
                return ShotPlace(shot, named[1], *span, time_ms)
        raise Refused(404, f"there is no shot {id}", "GET /v1/videos/VIDEO_ID lists its shots")

    def media_of(self, hits: Sequence[Hit]) -> tuple[Media, ...]:
        """Where the pictures and films of hits are."""
        return tuple(self.media(hit.video_id, hit.start_ms, hit.time_ms) for hit in hits)

    def media(self, video_id: str, start_ms: int, time_ms: int) -> Media:
        """Where the pictures and the film of one moment of a shot are."""
        playable = self.shelf.is_playable(video_id)
        return self.addresses.moment(video_id, start_ms, time_ms, playable=playable)


def _clips(folder: Path, settings: ServeSettings) -> ClipCache:
    return ClipCache(
        folder,
        most_bytes=settings.cache_mb * 1_000_000,
        at_once=settings.transcodes,
        wait_s=CLIP_WAIT_S,
        limits=Limits(longest_ms=round(settings.clip_seconds * 1000)),
    )


def default_cache(collection_id: str) -> Path:
    """Where clips of a collection are kept if nothing else is said."""
    import os

    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return home / "shotseek" / collection_id


async def _serving(request: Request) -> Serving:  # no thread has to be waited for
    serving = request.app.state.serving
    assert isinstance(serving, Serving)
    return serving


ServingDep = Annotated[Serving, Depends(_serving)]


def answer(value: Wire | Found, status: int = 200) -> Response:
    """An answer as JSON."""
    return Response(value.to_bytes(), status, media_type="application/json")
