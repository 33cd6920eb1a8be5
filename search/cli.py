"""The verb `search`: flags in, hits out. Light to import; everything else wakes when it is run."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from search.asking import Asked
    from search.engine import SearchEngine
    from search.hits import SearchResult
    from search.options import SearchOptions


class Group(StrEnum):
    """How hits are put together."""

    NONE = "none"
    VIDEO = "video"


class Extension(StrEnum):
    """How shots are lifted by better ones near them."""

    CAPPED = "capped"
    PUBLISHED = "published"
    OFF = "off"


class Sort(StrEnum):
    """In which order hits come."""

    SCORE = "score"
    TIME = "time"


Text = Annotated[str | None, typer.Argument(help="What the picture shows, in words.")]
Folder = Annotated[
    str,
    typer.Option(
        "--collection",
        "-c",
        metavar="FOLDER|URL",
        help="The collection's folder, or the address of a `shotseek serve`.",
    ),
]
Space = Annotated[str | None, typer.Option(help="The embedding space to compare in.")]
Image = Annotated[Path | None, typer.Option(help="A picture: find what looks like it.")]
Face = Annotated[
    list[Path] | None,
    typer.Option(help="A picture of somebody's face: find who it is. Repeat for more of the same."),
]
Like = Annotated[
    str | None, typer.Option(metavar="VIDEO@SECONDS", help="A moment: find what looks like it.")
]
Follow = Annotated[
    list[str] | None, typer.Option("--then", help="What comes a little later; repeat for more.")
]
Within = Annotated[
    str | None, typer.Option(metavar="SECONDS", help="How soon; by default in the next 4 shots.")
]
Where = Annotated[
    list[str] | None,
    typer.Option(
        metavar="KEY=VALUE",
        help="Only these; also != < <= > >=. Keys: read, said, subtitle, title, caption (full "
        "text), video, time, duration, date, width, height, size, colour, label, "
        "VOCABULARY/NAME, measures, person (name), action, does=PERSON: ACTION (without PERSON: "
        "that of --face). Repeat for more.",
    ),
]
Identity = Annotated[
    bool,
    typer.Option(
        help="Of `does`: check that the person who acts is the one whose face is seen (ICV)."
    ),
]
Gaps = Annotated[
    bool,
    typer.Option(help="Of `does`: fill in what was missed between two moments of a shot (DTE)."),
]
Extended = Annotated[
    Extension,
    typer.Option(
        "--extension",
        help="Of `does`: lift shots by better ones near them in the video (DTE): at most to the "
        "best of them, as published, or not at all.",
    ),
]
Tree = Annotated[
    str | None,
    typer.Option("--query", metavar="FILE|-", help="The whole query as JSON, instead of all else."),
]
K = Annotated[int, typer.Option("-k", min=1, help="Hits on a page.")]
Grouped = Annotated[Group, typer.Option("--group", help="Keep the hits of a video together.")]
Sorted = Annotated[Sort, typer.Option("--sort", help="By score, or by video and time.")]
PerVideo = Annotated[int | None, typer.Option(min=1, help="At most so many hits of a video.")]
MinScore = Annotated[float | None, typer.Option(help="Leave out hits that score less.")]
Distinct = Annotated[
    float | None,
    typer.Option(
        metavar="COSINE",
        help="Fold a hit under the first before it that looks the same: how like their pictures "
        "must be, above 0.5 up to 1; 0.95 for CLIP, 0.99 for the demonstration's encoder.",
    ),
]
Page = Annotated[str | None, typer.Option("--cursor", help="The next page, as --json named it.")]
Token = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="The token of the API; also by the environment: SHOTSEEK_TOKEN_FILE.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def search(  # noqa: PLR0913 - one argument is one flag
    collection: Folder,
    text: Text = None,
    space: Space = None,
    image: Image = None,
    face: Face = None,
    like: Like = None,
    then: Follow = None,
    within: Within = None,
    where: Where = None,
    identity: Identity = True,
    gaps: Gaps = True,
    extension: Extended = Extension.CAPPED,
    query: Tree = None,
    k: K = 20,
    group: Grouped = Group.NONE,
    sort: Sorted = Sort.SCORE,
    per_video: PerVideo = None,
    min_score: MinScore = None,
    distinct: Distinct = None,
    cursor: Page = None,
    token_file: Token = None,
    as_json: AsJson = False,
) -> None:
    """Find shots by text, by picture, by example, by what follows, by filters."""
    from search.asking import Asked, build_options
    from search.listing import write_answer

    asked = Asked(
        text, image, like, tuple(then or ()), within, tuple(where or ()), query,
        faces=tuple(face or ()), identity=identity, gaps=gaps, extension=extension.value,
    )  # fmt: skip
    options = build_options(
        {
            "k": k,
            "group": group.value,
            "sort": sort.value,
            "per_video": per_video,
            "min_score": min_score,
            "distinct": distinct,
            "cursor": cursor,
            "space": space,
        }
    )
    find = _search_api if "://" in collection else _search_folder
    write_answer(find(collection, token_file, asked, options), as_json=as_json)


def _search_api(
    url: str, token_file: Path | None, asked: "Asked", options: "SearchOptions"
) -> "SearchResult":
    from search.client.command import Remote, search_remotely

    return search_remotely(Remote(url, token_file), asked, options)


def _search_folder(
    folder: str, token_file: Path | None, asked: "Asked", options: "SearchOptions"
) -> "SearchResult":
    from analyzers.error import SettingsError
    from search.asking import build_query
    from search.where import known_names

    if token_file is not None:
        raise SettingsError("--token-file goes with the address of an API: --collection URL")
    engine = _open(Path(folder))
    return engine.search(build_query(asked, known_names(engine.generation)), options)


def _open(folder: Path) -> "SearchEngine":
    import sys

    from indexer.catalog.glance import glance_revision
    from search.engine import SearchEngine
    from search.opening import open_newest
    from search.persons import OpenPeople

    engine = SearchEngine(open_newest(folder), people=OpenPeople(folder))
    revision = glance_revision(folder)
    if revision is not None and revision != engine.generation.revision:
        sys.stderr.write(
            "note: the search files are older than the collection; bring them up to date: "
            f"shotseek rebuild --collection {folder}\n"
        )
    return engine
