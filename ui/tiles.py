"""Hits, shots and videos as tiles. Knows no Streamlit, no state."""

from collections.abc import Iterable

from search.hits import Hit
from search.wire import Found, Media, ShotSummary, VideoSummary
from ui.api import Api
from ui.components import Tile
from ui.plain import clean, clock
from ui.why import write_why


def tiles_of_hits(found: Found, api: Api) -> list[Tile]:
    """The hits in their order."""
    return [_of_hit(hit, media, api) for hit, media in zip(found.hits, found.media, strict=True)]


def _of_hit(hit: Hit, media: Media, api: Api) -> Tile:
    return Tile(
        id=hit.shot,
        rank=hit.rank,
        score=hit.score if hit.why.score is not None else None,
        picture=api.address(media.small),
        play=api.address(media.play),
        play_from_ms=media.play_from_ms,
        start_ms=hit.start_ms,
        end_ms=hit.end_ms,
        time_ms=hit.time_ms,
        video=clean(hit.video, 200),
        video_id=hit.video_id,
        why=write_why(hit.why),
        badge=f"+{hit.similar:,}" if hit.similar else "",
        badge_name=_name_folded(hit.similar) if hit.similar else "",
    )


def _name_folded(count: int) -> str:
    return f"{count:,} more that look{'s' if count == 1 else ''} the same"


def tiles_of_shots(shots: Iterable[ShotSummary], video: VideoSummary, api: Api) -> list[Tile]:
    """Shots of one video, in the order of time; their numbers are their ranks."""
    return [
        Tile(
            id=shot.id,
            rank=shot.number + 1,
            score=None,
            picture=api.address(shot.media.small),
            play=api.address(shot.media.play),
            play_from_ms=shot.media.play_from_ms,
            start_ms=shot.start_ms,
            end_ms=shot.end_ms,
            time_ms=shot.time_ms,
            video=f"{clock(shot.start_ms)} \u2013 {clock(shot.end_ms)}",
            video_id=video.id,
        )
        for shot in shots
    ]


def tiles_of_videos(videos: Iterable[VideoSummary], api: Api, first: int = 1) -> list[Tile]:
    """Videos by the keyframe of their first shot; a tile's id is that shot's."""
    return [
        _of_video(video, video.media, api, rank)
        for rank, video in enumerate(videos, first)
        if video.media is not None
    ]


def _of_video(video: VideoSummary, media: Media, api: Api, rank: int) -> Tile:
    shots = f"{video.shot_count} shot{'' if video.shot_count == 1 else 's'}"
    title = clean(video.title or "", 80)
    return Tile(
        id=f"{video.id}@{media.clip_from_ms}",
        rank=rank,
        score=None,
        picture=api.address(media.small),
        play=api.address(media.play),
        play_from_ms=media.play_from_ms,
        start_ms=media.clip_from_ms,
        end_ms=min(video.duration_ms, media.clip_from_ms + 4000),
        time_ms=media.clip_from_ms,
        video=clean(video.name, 200),
        video_id=video.id,
        why=" \u00b7 ".join(filter(None, (shots, clock(video.duration_ms), title))),
    )
