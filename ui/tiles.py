"""Hits, shots and videos as tiles. Knows no Streamlit, no state."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from search.hits import Hit
from search.person_wire import FaceFound, PersonSummary
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


def tiles_of_persons(
    persons: Iterable[PersonSummary], chosen: Collection[str], api: Api
) -> list[Tile]:
    """Persons by their best seen face; a tile's id is the person's."""
    return [
        replace(
            _of_face(person.face, api, rank),
            id=person.id,
            video=clean(person.name, 200) if person.name else "no name yet",
            why=say_where(person),
            badge="hidden" if person.hidden else "",
            heard=clean(person.name or f"somebody without a name, {rank}", 200),
            chosen=person.id in chosen,
        )
        for rank, person in enumerate(persons, 1)
    ]


def tiles_of_faces(faces: Iterable[FaceFound], chosen: Collection[str], api: Api) -> list[Tile]:
    """Faces of one person, in their order; a tile's id tells video and track."""
    return [
        replace(_of_face(face, api, rank), chosen=face_id(face) in chosen)
        for rank, face in enumerate(faces, 1)
    ]


def face_id(face: FaceFound) -> str:
    """What tells faces apart."""
    return f"{face.video}@{face.track}"


def say_where(person: PersonSummary) -> str:
    """How often a person is seen, and in how many videos."""
    count = person.appearances
    times = {0: "nowhere any more", 1: "once", 2: "twice"}.get(count, f"{count:,} times")
    if person.videos < 2:
        return times
    return f"{times} in {person.videos:,} videos"


def _of_face(face: FaceFound | None, api: Api, rank: int) -> Tile:
    """One face; None for a person that is seen nowhere."""
    return Tile(
        id="" if face is None else face_id(face),
        rank=rank,
        score=None,
        picture=api.address(face.face) if face is not None and face.face else "",
        play="",
        play_from_ms=0,
        start_ms=0 if face is None else face.start_ms,
        end_ms=0 if face is None else face.end_ms,
        time_ms=0 if face is None else face.time_ms,
        video="" if face is None else clean(face.name, 200),
        video_id="" if face is None else face.video,
        badge="" if face is None else clock(face.time_ms),
    )
