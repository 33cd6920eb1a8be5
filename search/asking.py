"""What was typed on the command line, as a query. Knows no collection beyond its names."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from search.error import AskedWrong
from search.joins.all_of import AllOf
from search.joins.then import Then
from search.leaves.image import LARGEST, LONGEST_NAME, ImageLeaf
from search.leaves.shot import ShotLeaf
from search.leaves.text import TextLeaf
from search.options import SearchOptions
from search.query import AnyNode, Query, read_query
from search.where import KnownNames, read_time, read_where

NOTHING = (
    'nothing was asked: give a text ("a red car"), --image FILE, --like VIDEO@SECONDS, '
    "--where KEY=VALUE, or --query FILE"
)


@dataclass(frozen=True)
class Asked:
    """The flags that say what is looked for."""

    text: str | None = None
    image: Path | None = None
    like: str | None = None
    then: tuple[str, ...] = ()
    within: str | None = None  # seconds or m:ss
    where: tuple[str, ...] = ()
    query: str | None = None  # a file's name, or - for what is piped in
    picture: str | None = None  # the id of a picture that the API keeps


def build_query(asked: Asked, known: KnownNames) -> Query:
    """The query: text, picture, shot and filters all hold in the first stage, others follow.

    Raises:
        AskedWrong: nothing was asked, or flags cannot be read or exclude each other.
        QueryInvalid: the tree of `--query` is wrong.
    """
    if asked.query is not None:
        if asked != Asked(query=asked.query):
            raise AskedWrong(
                "query",
                "it is the whole query: leave out everything else",
                flags="--query holds the whole query: leave out the text and other flags",
            )
        return read_query(_read_file(asked.query))
    if asked.within is not None and not asked.then:
        raise AskedWrong(
            "within",
            "it says how soon `then` follows: give `then` as well",
            flags="--within says how soon --then follows: give --then TEXT as well",
        )
    try:
        first = _first_stage(asked, known)
        if not first:
            raise _nothing_first(asked)
        stage = first[0] if len(first) == 1 else AllOf(children=tuple(first))
        return Query(root=_follow(stage, asked) if asked.then else stage)
    except ValidationError as error:
        raise _explain(error) from error


def build_options(flags: Mapping[str, object]) -> SearchOptions:
    """How hits are listed.

    Raises:
        AskedWrong: a flag is out of range.
    """
    try:
        return SearchOptions.model_validate(flags)
    except ValidationError as error:
        raise _explain(error) from error


def _first_stage(asked: Asked, known: KnownNames) -> list[AnyNode]:
    first: list[AnyNode] = []
    if asked.text is not None:
        first.append(TextLeaf(text=asked.text))
    if asked.image is not None:
        first.append(_read_image(asked.image))
    if asked.picture is not None:
        first.append(ImageLeaf(id=asked.picture))
    if asked.like is not None:
        first.append(_read_like(asked.like))
    return first + [read_where(text, known) for text in asked.where]


def _follow(first: AnyNode, asked: Asked) -> Then:
    stages = (first, *(TextLeaf(text=text) for text in asked.then))
    if asked.within is None:
        return Then(stages=stages)
    try:
        return Then(stages=stages, within_ms=read_time(asked.within))
    except ValueError as error:
        raise AskedWrong("within", _first_line(error), given=asked.within) from error


def _read_image(path: Path) -> ImageLeaf:
    try:
        size = path.stat().st_size
        if size * 4 // 3 > LARGEST - 4:
            raise AskedWrong("image", "the file is larger than 48 MiB; shrink it", given=str(path))
        data = path.read_bytes()
    except OSError as error:
        raise AskedWrong("image", error.strerror or str(error), given=str(path)) from error
    if not data:
        raise AskedWrong("image", "the picture is empty", given=str(path))
    shown = path.name.encode("utf-8", "backslashreplace").decode("utf-8")
    return ImageLeaf.of(data, shown[:LONGEST_NAME])


def _read_like(text: str) -> ShotLeaf:
    video, at, seconds = text.rpartition("@")
    if not at or not video:
        raise AskedWrong("like", "write VIDEO@SECONDS, such as film.mp4@83.5", given=text)
    try:
        return ShotLeaf(video=video, time_ms=read_time(seconds))
    except ValueError as error:
        raise AskedWrong("like", _first_line(error), given=text) from error


def _read_file(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        raise AskedWrong("query", str(reason), given=name) from error


def _nothing_first(asked: Asked) -> AskedWrong:
    if asked.then:
        said = "it needs something to follow: give text, picture, like or where as well"
        flags = "--then needs something to follow: give a text, --image, --like or --where as well"
        return AskedWrong("then", said, flags=flags)
    said = 'nothing was asked: give text ("a red car"), picture, like or where; or POST a query'
    return AskedWrong("", said, flags=NOTHING)


def _explain(error: ValidationError) -> AskedWrong:
    loc: Sequence[object] = error.errors()[0]["loc"]
    place, said = ".".join(str(part) for part in loc), _first_line(error)
    place = "picture" if place == "id" else place  # as people name it
    field = place.partition(".")[0]
    text = f"{place}: {said}" if place else said
    return AskedWrong(field, said, flags=text)


def _first_line(error: ValueError) -> str:
    if isinstance(error, ValidationError):
        return str(error.errors()[0]["msg"]).removeprefix("Value error, ")
    return str(error)
