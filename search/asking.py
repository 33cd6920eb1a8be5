"""What was typed on the command line, as a query. Knows no collection beyond its names."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from search.error import AskedWrong
from search.joins.all_of import AllOf
from search.joins.negation import Not
from search.joins.then import Then
from search.leaves.image import LARGEST, LONGEST_NAME, ImageLeaf
from search.leaves.person import PersonLeaf
from search.leaves.person_action import PersonActionLeaf
from search.leaves.shot import ShotLeaf
from search.leaves.text import TextLeaf
from search.node import Node
from search.options import SearchOptions
from search.query import AnyNode, Query, read_query
from search.where import KnownNames, read_time, read_where

NOTHING = (
    'nothing was asked: give a text ("a red car"), --image FILE, --face FILE, '
    "--like VIDEO@SECONDS, --where KEY=VALUE, or --query FILE"
)
CHECKS = {"identity": "--no-identity", "gaps": "--no-gaps", "extension": "--extension"}
AS_PEOPLE_NAME = {"id": "picture", "ids": "face", "pictures": "face"}


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
    faces: tuple[Path, ...] = ()  # pictures of one person
    face: tuple[str, ...] = ()  # also: ids of such pictures that the API keeps
    identity: bool = True  # how `does` is checked, as PersonActionLeaf says
    gaps: bool = True
    extension: str = "capped"

    @property
    def checks(self) -> dict[str, object]:
        """How `does` is checked, where it is otherwise than usual."""
        usual = PersonActionLeaf.model_fields
        given = {name: getattr(self, name) for name in CHECKS}
        return {name: value for name, value in given.items() if value != usual[name].default}


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
    somebody = _read_faces(asked)
    filters = [read_where(text, known, somebody) for text in asked.where]
    doing = [found for node in filters if (found := _find_doing(node)) is not None]
    if somebody is not None and not any(one.person is somebody for one in doing):
        first.append(somebody)
    if asked.like is not None:
        first.append(_read_like(asked.like))
    if asked.checks and not doing:
        raise _nothing_checked(next(iter(asked.checks)))
    return first + [_check_so(node, asked) for node in filters]


def _read_faces(asked: Asked) -> PersonLeaf | None:
    """The person of the pictures of faces."""
    if not (asked.faces or asked.face):
        return None
    files = PersonLeaf.encode([_read_picture("face", path) for path in asked.faces])
    return PersonLeaf(pictures=files, ids=asked.face)


def _find_doing(node: Node) -> PersonActionLeaf | None:
    """What `does=` and `does!=` have become."""
    inner = node.child if isinstance(node, Not) else node
    return inner if isinstance(inner, PersonActionLeaf) else None


def _check_so(node: AnyNode, asked: Asked) -> AnyNode:
    """The filter, checked as was asked."""
    doing = _find_doing(node)
    if doing is None or not asked.checks:
        return node
    checked = PersonActionLeaf.model_validate({**dict(doing), **asked.checks})
    return Not(child=checked) if isinstance(node, Not) else checked


def _follow(first: AnyNode, asked: Asked) -> Then:
    stages = (first, *(TextLeaf(text=text) for text in asked.then))
    if asked.within is None:
        return Then(stages=stages)
    try:
        return Then(stages=stages, within_ms=read_time(asked.within))
    except ValueError as error:
        raise AskedWrong("within", _first_line(error), given=asked.within) from error


def _read_image(path: Path) -> ImageLeaf:
    shown = path.name.encode("utf-8", "backslashreplace").decode("utf-8")
    return ImageLeaf.of(_read_picture("image", path), shown[:LONGEST_NAME])


def _read_picture(flag: str, path: Path) -> bytes:
    """The bytes of a picture file; raises AskedWrong."""
    try:
        size = path.stat().st_size
        if size * 4 // 3 > LARGEST - 4:
            raise AskedWrong(flag, "the file is larger than 48 MiB; shrink it", given=str(path))
        data = path.read_bytes()
    except OSError as error:
        raise AskedWrong(flag, error.strerror or str(error), given=str(path)) from error
    if not data:
        raise AskedWrong(flag, "the picture is empty", given=str(path))
    return data


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
    said = (
        'nothing was asked: give text ("a red car"), picture, face, like or where; or POST a query'
    )
    return AskedWrong("", said, flags=NOTHING)


def _nothing_checked(field: str) -> AskedWrong:
    said = "it says how a filter does=PERSON: ACTION is checked: give one"
    return AskedWrong(field, said, flags=f"{CHECKS[field]}: {said}")


def _explain(error: ValidationError) -> AskedWrong:
    loc: Sequence[object] = error.errors()[0]["loc"]
    place, said = ".".join(str(part) for part in loc), _first_line(error)
    field = place.partition(".")[0]
    if field in AS_PEOPLE_NAME:
        field = place = AS_PEOPLE_NAME[field]
    text = f"{place}: {said}" if place else said
    return AskedWrong(field, said, flags=text)


def _first_line(error: ValueError) -> str:
    if isinstance(error, ValidationError):
        return str(error.errors()[0]["msg"]).removeprefix("Value error, ")
    return str(error)
