"""Examples of the OpenAPI document: what is asked, and what is answered. Knows no server."""

from typing import Any

from search.wire import (
    AnalyzerStatus,
    CollectionStatus,
    GenerationStatus,
    Health,
    KeyframeSummary,
    LabelCount,
    LabelFound,
    LabelList,
    MeasureCount,
    MeasureFound,
    Media,
    PictureUploaded,
    RunStatus,
    ShotDetails,
    ShotSummary,
    SpaceStatus,
    Suggestion,
    SuggestionList,
    VideoDetails,
    VideoList,
    VideoSummary,
)

ID = "8c6f2d0e9b1a4753"
PARAMETERS: dict[str, dict[str, Any]] = {
    "k": {"example": 10},
    "group": {"example": "video", "description": "video: the hits of a video together."},
    "sort": {"example": "score", "description": "time: in order of the videos, and in them."},
    "per_video": {"example": 3},
    "min_score": {"example": 0.5},
    "distinct": {"example": 0.95},
    "text": {"example": "red"},
    "like": {"example": "red-green.mp4@0.5"},
    "then": {"example": ["green"]},
    "within": {"example": "10"},
    "where": {"example": ["colour=red"]},
    "identity": {"example": True},
    "gaps": {"example": True},
    "extension": {"example": "capped"},
    "shot": {"example": f"{ID}@1600"},
    "hidden": {"example": True},
    "box": {"example": "0.25,0.1,0.5,0.4"},
    "limit": {"example": 20, "description": "At most so many."},
    "offset": {"example": 0, "description": "Leave out so many at the start."},
}


def _tree(told: str, root: dict[str, Any]) -> dict[str, Any]:
    return {"summary": told, "value": {"version": 1, "root": root}}


RED = {"kind": "text", "text": "red"}
GREEN = {"kind": "text", "text": "green"}
TREES = {
    "text": _tree("What the picture shows", RED),
    "filtered": _tree(
        "What it shows, in long videos only",
        {
            "kind": "all_of",
            "children": [RED, {"kind": "metadata", "field": "duration", "op": ">", "value": 1000}],
        },
    ),
    "sequence": _tree(
        "First this, then that within ten seconds",
        {"kind": "then", "stages": [RED, GREEN], "within_ms": 10_000},
    ),
    "weighed": _tree(
        "More of this, less of that",
        {"kind": "weighted_sum", "children": [RED, GREEN], "weights": [1.0, -0.5]},
    ),
    "colour": _tree(
        "A colour that covers a third, and no words to be read",
        {
            "kind": "all_of",
            "children": [
                {"kind": "colour", "name": "red", "min_area": 0.3},
                {"kind": "not", "child": {"kind": "words", "text": "exit", "where": "read"}},
            ],
        },
    ),
    "either": _tree(
        "Like a moment, or described by a text",
        {
            "kind": "any_of",
            "children": [{"kind": "shot", "video": "red-green.mp4", "time_ms": 500}, GREEN],
        },
    ),
}

MEDIA = Media(
    picture=f"/media/pictures/{ID}@800",
    small=f"/media/pictures/{ID}@800.small",
    play=f"/media/videos/{ID}",
    play_from_ms=0,
    clip=f"/media/clips/{ID}@0.mp4",
    clip_from_ms=0,
)
SHOT = ShotSummary(id=f"{ID}@0", number=0, start_ms=0, end_ms=1600, time_ms=800, media=MEDIA)
VIDEO = VideoSummary(
    id=ID,
    name="red-green.mp4",
    duration_ms=3200,
    width=128,
    height=96,
    date="2024-05-01T12:00:00+00:00",
    size_bytes=20_480,
    shot_count=1,
    media=MEDIA,
)
LABEL = LabelCount(name="colour/red", vocabulary="colour", shots=1)
FOUND = {
    "hits": [
        {
            "rank": 1,
            "video": "red-green.mp4",
            "video_id": ID,
            "shot": SHOT.id,
            "start_ms": 0,
            "end_ms": 1600,
            "time_ms": 800,
            "score": 0.97,
            "why": {"kind": "text", "score": 0.97, "known": True, "asked": "red"},
        }
    ],
    "space": "toy",
    "took_ms": 1.4,
    "total": 1,
    "generation": "g0000000001",
    "cursor": None,
    "notes": [],
    "media": [MEDIA.to_json()],
}
DETAILS = ShotDetails(
    **dict(SHOT),
    video=VIDEO,
    keyframes=(KeyframeSummary(time_ms=800, start_ms=0, end_ms=1600, sharpness=9.5, media=MEDIA),),
    before=(),
    after=(),
    words=(),
    labels=(LabelFound(name="colour/red", start_ms=0, end_ms=1600, score=0.9, analyzer="colours"),),
    measures=(
        MeasureFound(
            name="motion", value=0.2, unit="1", start_ms=0, end_ms=1600, analyzer="motion"
        ),
    ),
    relations=(),
    tracks=(),
    spaces=("toy",),
)
FILM = VideoDetails(
    **dict(VIDEO),
    format="mov,mp4,m4a,3gp,3g2,mj2",
    codec="h264",
    fps=25.0,
    tags={},
    warnings=(),
    runs=(RunStatus(analyzer="colours", version="1", state="done"),),
    shots=(SHOT,),
    words=(),
    labels=(LABEL,),
)
COLLECTION = CollectionStatus(
    id="1f0c8a7e",
    name="films.collection",
    version="0.1.0",
    state="ready",
    videos=1,
    shots=1,
    keyframes=1,
    hours=0.001,
    spaces=(SpaceStatus(name="toy", dim=12, encoder="toy"),),
    analyzers=(AnalyzerStatus(name="colours", version="1", done=1, failed=0, stale=0),),
    failures=(),
    generation=GenerationStatus(
        name="g0000000001", revision=4, created="2024-05-01T12:00:00+00:00", fresh=True
    ),
    bytes={"catalog": 90_112},
    notes=(),
)
UPLOADED = PictureUploaded(
    id="0123456789abcdef0123456789abcdef",
    expires_at="2024-05-08T12:00:00+00:00",
    width=640,
    height=480,
    picture="/media/pictures/0123456789abcdef0123456789abcdef",
)
SUGGESTED = Suggestion(where="colour=red", name="red", kind="colour", count=1)
COUNTED = MeasureCount(name="motion", unit="1", values=1)
ANSWERS: dict[str, Any] = {
    "search_tree": FOUND,
    "search_flat": FOUND,
    "search_similar": FOUND,
    "list_videos": VideoList(videos=(VIDEO,), total=1).to_json(),
    "get_one_video": FILM.to_json(),
    "get_one_shot": DETAILS.to_json(),
    "list_labels": LabelList(labels=(LABEL,), measures=(COUNTED,)).to_json(),
    "suggest": SuggestionList(suggestions=(SUGGESTED,)).to_json(),
    "get_collection": COLLECTION.to_json(),
    "get_health": Health(status="ok", generation="g0000000001", version="0.1.0").to_json(),
    "keep_picture": UPLOADED.to_json(),
    "get_metrics": "# HELP shotseek_videos In the search files.\nshotseek_videos 1.0\n",
}
