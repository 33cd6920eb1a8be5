"""The verbs that fill and tend a collection: index, shots, status, check, rebuild, remove.

Only reads flags and prints; the work is done elsewhere. Light at import: everything heavy is
imported by the verb that needs it.
"""

from pathlib import Path
from typing import Annotated

import typer

CollectionDir = Annotated[
    Path, typer.Option("--collection", "-c", help="The collection's folder.", show_default=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object, for scripts.")]


Paths = Annotated[list[Path], typer.Argument(help="Videos, or folders of videos.")]
Profile = Annotated[
    str | None,
    typer.Option(help="Which models: demo, fast, standard or best (see `shotseek models list`)."),
]
Encoders = Annotated[
    list[str] | None,
    typer.Option(
        "--encoder",
        help="Text-image model in place of the profile's: ARCH:TAG, ARCH:FILE or local-dir:DIR. "
        "May be repeated.",
    ),
]
Analyzers = Annotated[
    str | None,
    typer.Option(help="a,b: just these. +a,-b: the default with a, without b. all. none."),
]
CatalogUrl = Annotated[
    str | None,
    typer.Option(
        help="postgresql://USER:PASSWORD@HOST/DATABASE for the catalog of a new collection; "
        "SQLite in the folder otherwise."
    ),
]
Shots = Annotated[
    str | None,
    typer.Option(
        help="auto, content, adaptive, transnet, fixed:SECONDS, or given:DIR with a VIDEO.tsv of "
        "shot boundaries for each video."
    ),
]
Device = Annotated[str | None, typer.Option(help="auto, cpu or cuda.")]
Workers = Annotated[
    int | None, typer.Option(min=1, help="Videos decoded at once; by the cores otherwise.")
]
FaceDetector = Annotated[
    str | None,
    typer.Option(
        help="Of the analyzer faces: yunet, FILE.onnx of such a model, world-people or "
        "world:FILE.onnx."
    ),
]
FaceEmbedder = Annotated[
    str | None,
    typer.Option(
        help="Of the analyzer faces: sface, sface:FILE.onnx, FILE.onnx (ArcFace and others), "
        "FILE.param of ncnn, or world-faces."
    ),
]
FaceFps = Annotated[
    float | None,
    typer.Option(help="Look for faces so many times a second; else in keyframes only."),
]

Detector = Annotated[
    str | None,
    typer.Option(
        help="Of the analyzer objects: a name (see `shotseek models list`), FILE.onnx, or FOLDER "
        "of transformers; ,score=0.5 behind it says what is believed."
    ),
]
ObjectFps = Annotated[
    float | None,
    typer.Option(
        help="Look for objects so many times a second, 5 for who does what; else in keyframes only."
    ),
]
ActionModel = Annotated[
    str | None,
    typer.Option(
        help="Of the analyzer actions: prompts, prompts:FILE (an action a line), s3d, mvit-v2-s, "
        "FILE.onnx; else the profile's."
    ),
]


def index(  # noqa: PLR0913 - one argument is one flag
    paths: Paths,
    collection: CollectionDir,
    profile: Profile = None,
    encoder: Encoders = None,
    analyzers: Analyzers = None,
    catalog: CatalogUrl = None,
    shots: Shots = None,
    device: Device = None,
    workers: Workers = None,
    face_detector: FaceDetector = None,
    face_embedder: FaceEmbedder = None,
    face_fps: FaceFps = None,
    detector: Detector = None,
    object_fps: ObjectFps = None,
    action_model: ActionModel = None,
    as_json: AsJson = False,
) -> None:
    """Look at videos and put what is found into a collection.

    Videos already there and unchanged are skipped without being opened; run it again after an
    interruption, or after adding videos or analyzers, and only what is lacking is done.

    Exit codes: 0 all good, 3 some videos failed, 4 all failed, 2 wrong usage, 130 interrupted.
    """
    from indexer.commands import run_index

    flags = {
        "profile": profile,
        "encoder": tuple(encoder or ()),
        "analyzers": analyzers,
        "catalog": catalog,
        "shots": shots,
        "device": device,
        "workers": workers,
        "face_detector": face_detector,
        "face_embedder": face_embedder,
        "face_fps": face_fps,
        "detector": detector,
        "object_fps": object_fps,
        "action_model": action_model,
    }
    raise typer.Exit(run_index(paths, collection, flags, as_json=as_json))


def shots(
    video: Annotated[str, typer.Argument(help="The file's name, or its path where two share it.")],
    collection: CollectionDir,
    as_json: AsJson = False,
) -> None:
    """List the shots of a video and the times of their keyframes."""
    from indexer.commands import print_shots

    print_shots(collection, video, as_json=as_json)


def status(collection: CollectionDir, as_json: AsJson = False) -> None:
    """Say what a collection holds: videos, analyzers, models, failures, sizes."""
    from indexer.status import print_status

    print_status(collection, as_json=as_json)


def check(
    collection: CollectionDir,
    full: Annotated[
        bool, typer.Option("--full", help="Read every video and compare its whole hash too.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Look for files that are missing, damaged, orphaned, or videos that changed; mend what can be.

    Exit codes: 0 sound, 3 something was found.
    """
    from indexer.commands import run_check

    raise typer.Exit(run_check(collection, full=full, as_json=as_json))


def rebuild(collection: CollectionDir, as_json: AsJson = False) -> None:
    """Make the search files anew from the catalog and the vectors."""
    from indexer.commands import run_rebuild

    run_rebuild(collection, as_json=as_json)


def remove(
    videos: Annotated[list[str], typer.Argument(help="Names or paths of videos.")],
    collection: CollectionDir,
    as_json: AsJson = False,
) -> None:
    """Remove videos with everything known of them; the files themselves are not touched."""
    from indexer.commands import run_remove

    run_remove(collection, videos, as_json=as_json)
