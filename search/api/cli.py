"""The verb `serve`: flags in, a running server out. Light to import."""

from pathlib import Path
from typing import Annotated

import typer

Folder = Annotated[
    Path, typer.Option("--collection", "-c", help="The collection's folder.", show_default=False)
]
Host = Annotated[
    str | None,
    typer.Option(
        help="Where to listen; 127.0.0.1 by default. Others than this machine need --token-file."
    ),
]
Port = Annotated[int | None, typer.Option(help="8000 by default; 0: any that is free.")]
TokenFile = Annotated[
    Path | None,
    typer.Option(
        help="A file with the token that clients must send (openssl rand -hex 32 > FILE); "
        "addresses of media are then signed."
    ),
]
Device = Annotated[str | None, typer.Option(help="Where encoders run: auto, cpu or cuda.")]
FirstPass = Annotated[
    str | None,
    typer.Option(
        metavar="auto|always|never",
        help="Whether a rough pass over a space's vectors goes ahead, so that only the most "
        "promising are read in full; auto: above four million.",
    ),
]
MediaRoot = Annotated[
    list[str] | None,
    typer.Option(metavar="OLD=NEW", help="Where a folder of videos was moved to; may be repeated."),
]
Cors = Annotated[
    list[str] | None,
    typer.Option(
        metavar="ORIGIN",
        help="A site whose pages may call the API, such as https://films.example; may be repeated.",
    ),
]
Cache = Annotated[
    Path | None,
    typer.Option(help="Where clips and query pictures are kept; ~/.cache/shotseek by default."),
]
CacheMb = Annotated[int | None, typer.Option(help="Megabytes of clips to keep; 2000 by default.")]
BodyMb = Annotated[
    float | None, typer.Option(help="The largest body of a request in megabytes; 16 by default.")
]
BodySeconds = Annotated[
    float | None, typer.Option(help="Until a request's body must be here; 60 by default.")
]
PictureMp = Annotated[
    float | None, typer.Option(help="The largest query picture in megapixels; 50 by default.")
]
PictureHours = Annotated[
    float | None, typer.Option(help="How long a query picture is kept; 168 by default.")
]
MediaHours = Annotated[
    float | None, typer.Option(help="How long a signed address is good; 6 by default.")
]
QuerySeconds = Annotated[
    float | None, typer.Option(help="How long a query may take, or wait; 20 by default.")
]
Queries = Annotated[
    int | None, typer.Option(help="Queries answered at the same time; 8 by default.")
]
Transcodes = Annotated[int | None, typer.Option(help="Clips made at the same time; 2 by default.")]
ClipSeconds = Annotated[
    float | None, typer.Option(help="The longest clip; longer shots are cut off. 120 by default.")
]


def serve(  # noqa: PLR0913 - one argument is one flag
    collection: Folder,
    host: Host = None,
    port: Port = None,
    token_file: TokenFile = None,
    device: Device = None,
    first_pass: FirstPass = None,
    media_root: MediaRoot = None,
    cors: Cors = None,
    cache: Cache = None,
    cache_mb: CacheMb = None,
    body_mb: BodyMb = None,
    body_seconds: BodySeconds = None,
    picture_mp: PictureMp = None,
    picture_hours: PictureHours = None,
    media_hours: MediaHours = None,
    query_seconds: QuerySeconds = None,
    queries: Queries = None,
    transcodes: Transcodes = None,
    clip_seconds: ClipSeconds = None,
) -> None:
    """Answer queries over HTTP until Ctrl-C; GET /openapi.json tells what can be asked.

    Each flag is also a variable of the environment, such as SHOTSEEK_SERVE_PORT for --port, and a
    line of the table "serve" in shotseek.toml; the flag wins, then the variable, then the file.

    Without a token only requests to an address, to localhost or to a host that was named are
    answered, so that no web page can have its own name lead here.

    Exit codes: 0 told to stop (SIGTERM), 2 wrong usage or settings, 130 interrupted.
    """
    flags = dict(locals())  # exactly the arguments, as nothing else has been named yet
    import os

    from search.api.running import run_server
    from search.api.settings import read_serve_settings

    folder = flags.pop("collection")
    given = {key: tuple(v) if isinstance(v, list) else v for key, v in flags.items()}
    run_server(folder, read_serve_settings(given, os.environ))
