"""Vocabulary packs: the classes of one facet, written down in a file of TOML.

Knows the file and the words in it. Knows no model, no pictures, no collection.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from analyzers.error import SettingsError
from analyzers.profiles import suggest

SHIPPED = Path(__file__).with_name("packs")
MARK = "{}"  # in a prompt: where the name stands
SUFFIX = ".toml"
LONGEST = 100  # characters of a name
VOWELS = frozenset("aeiou")
_ARTICLE = re.compile(r"\b([Aa]) \{\}")
_FACET = re.compile(r"[a-z][a-z0-9_]{0,39}")
_PLACE = re.compile(r"\(at [^)]*\)")
_LINE = re.compile(r"\(at line (\d+), column \d+\)")


class PackInvalid(SettingsError):
    """A file of a pack cannot be used; the message names the file and, where it can, the line."""


@dataclass(frozen=True, eq=False)
class Pack:
    """The n classes of one facet."""

    facet: str  # the vocabulary of its labels
    title: str  # for people
    source: str  # where the names come from
    names: tuple[str, ...]  # (n,)
    prompts: tuple[tuple[str, ...], ...]  # (n,) what each is asked for by, ready for an encoder
    synonyms: Mapping[str, tuple[str, ...]]  # other words for a name
    groups: Mapping[str, tuple[str, ...]]  # common name: names that are only told together
    parents: Mapping[str, tuple[str, ...]]  # wider name: names and parents that it covers
    is_exclusive: bool  # whether a picture has one of them at most
    threshold: float | None  # the score from which on a name is told; None: the space's own
    thresholds: Mapping[str, float]  # of single names
    vectors: Path | None  # (n, dim) float32 .npy of the names, in `space`
    space: str | None
    digest: str  # of the file, and of its vectors

    def find_wider(self, name: str) -> tuple[str, ...]:
        """Whatever covers a name, the narrowest first; each once."""
        wider: dict[str, None] = {}
        asked = [name]
        while asked:
            at = asked.pop(0)
            above = [one for one, covered in self.parents.items() if at in covered]
            asked += [one for one in above if one not in wider]
            wider.update(dict.fromkeys(above))
        return tuple(wider)

    def find_common(self, name: str) -> str:
        """The name of its group, else its own."""
        return next((one for one, members in self.groups.items() if name in members), name)


class _Written(BaseModel):
    """The file as it is written."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    facet: str
    title: str = ""
    source: str = ""
    names: list[str] = Field(min_length=1, max_length=100_000)
    prompts: list[str] = Field(default=[f"a photo of {MARK}."], min_length=1)
    exclusive: bool = False
    threshold: float | None = Field(default=None, ge=0, le=1)
    own_prompts: dict[str, list[str]] = {}
    synonyms: dict[str, list[str]] = {}
    groups: dict[str, list[str]] = {}
    parents: dict[str, list[str]] = {}
    thresholds: dict[str, float] = {}
    vectors: str | None = None
    space: str | None = None


def find_shipped() -> tuple[str, ...]:
    """The packs that come with the product, by name."""
    return tuple(sorted(file.stem for file in SHIPPED.glob(f"*{SUFFIX}")))


def find_pack(spec: str) -> Path:
    """The file of a shipped pack, or the one that is named.

    Raises:
        PackInvalid: there is none.
    """
    file = Path(spec)
    if file.suffix == SUFFIX or file.parent != Path():
        return file
    shipped = find_shipped()
    if spec not in shipped:
        raise PackInvalid(f"no pack {spec!r}{suggest(spec, shipped)}; or give a file of TOML")
    return SHIPPED / f"{spec}{SUFFIX}"


def read_pack(file: Path) -> Pack:
    """Read a pack and look at all of it before anything is done with it.

    Raises:
        PackInvalid: it cannot be read, or says what cannot be; with file and line.
    """
    try:
        text = file.read_bytes()
        told = tomllib.loads(text.decode())
    except OSError as error:
        raise PackInvalid(f"{file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise PackInvalid(f"{file}:{line}: not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        said = _LINE.search(str(error))
        line = int(said[1]) if said else text.rstrip().count(b"\n") + 1
        why = _PLACE.sub("", str(error)).strip()
        raise PackInvalid(f"{file}:{line}: {why}") from error
    page = _Page(file, text.decode())
    written = page.read(told)
    _check_names(written, page)
    _check_prompts(written, page)
    _check_wider(written, page)
    return _make(written, page)


class _Page:
    """A file whose lines can be pointed at."""

    def __init__(self, file: Path, text: str) -> None:
        self.file, self.text = file, text

    def read(self, told: Mapping[str, Any]) -> _Written:
        try:
            return _Written(**told)
        except ValidationError as error:
            first = error.errors()[0]
            place = [str(part) for part in first["loc"]]
            message = first["msg"].lower()
            if first["type"] == "extra_forbidden":
                message = f"unknown key{suggest(place[-1], _Written.model_fields)}"
            raise self.refuse(place, message) from None

    def refuse(self, path: Sequence[str], why: str) -> PackInvalid:
        """An error in the line where the words of a path stand one after another.

        A word stands there as a key or in quotes; one that does not is passed over.
        """
        end, line = 0, ""
        for word in path:
            escaped = re.escape(word)
            written = re.compile(rf'"{escaped}"|\'{escaped}\'|^[ \t]*\[?{escaped}[ \t]*[=\]]', re.M)
            found = written.search(self.text, end)
            if found is not None:
                end, line = found.end(), f":{self.text.count(chr(10), 0, found.start()) + 1}"
        return PackInvalid(f"{self.file}{line}: {path[0]}: {why}")


def _check_names(written: _Written, page: _Page) -> None:
    if not _FACET.fullmatch(written.facet):
        raise page.refuse(["facet"], "give up to 40 small letters, digits and _, a letter first")
    everywhere = [*written.names, *written.groups, *written.parents]
    for name in everywhere:
        if name != " ".join(name.split()) or not 0 < len(name) <= LONGEST:
            why = f"{name!r} is empty, too long or has needless space"
            raise page.refuse(["names", name], why)
    _check_once(everywhere, page)
    for key in ("own_prompts", "synonyms", "thresholds"):
        _check_known([key], getattr(written, key), everywhere, page)


def _check_once(everywhere: Sequence[str], page: _Page) -> None:
    seen: dict[str, str] = {}
    for name in everywhere:
        before = seen.get(name.casefold())
        if before is not None:
            why = f"{name!r} stands there twice; small letters and capitals are one"
            raise page.refuse(["names", before, name], why)
        seen[name.casefold()] = name


def _check_known(
    path: Sequence[str], told: Iterable[str], known: Iterable[str], page: _Page
) -> None:
    names = set(known)
    for name in told:
        if name not in names:
            raise page.refuse([*path, name], f"no name {name!r}{suggest(name, names)}")


def _check_prompts(written: _Written, page: _Page) -> None:
    for prompt in written.prompts:
        if prompt.count(MARK) != 1:
            raise page.refuse(["prompts", prompt], f"{prompt!r} needs one {MARK} for the name")
    for name, prompts in written.own_prompts.items():
        path = ["own_prompts", name]
        if not prompts or not all(prompt.strip() for prompt in prompts):
            raise page.refuse(path, f"{name!r} has an empty one")
        if name not in written.names:
            raise page.refuse(path, f"{name!r} covers names, and is not asked for itself")
    if (written.vectors is None) != (written.space is None):
        key = "vectors" if written.space is None else "space"
        raise page.refuse([key], "vectors need their space, and it needs them")


def _check_wider(written: _Written, page: _Page) -> None:
    known = (*written.names, *written.parents, *written.groups)
    grouped: dict[str, str] = {}
    for group, members in written.groups.items():
        _check_known(["groups", group], members, written.names, page)
        for member in members:
            if grouped.setdefault(member, group) != group:
                why = f"{member!r} is in {grouped[member]!r} already"
                raise page.refuse(["groups", group, member], why)
    for parent, covered in written.parents.items():
        _check_known(["parents", parent], covered, known, page)
        if parent in _cover(parent, written.parents):
            raise page.refuse(["parents", parent], "it covers itself")


def _cover(parent: str, parents: Mapping[str, Sequence[str]]) -> set[str]:
    """All that a parent covers, directly or not."""
    covered: set[str] = set()
    asked = list(parents[parent])
    while asked:
        one = asked.pop()
        if one not in covered:
            covered.add(one)
            asked += parents.get(one, ())
    return covered


def _make(written: _Written, page: _Page) -> Pack:
    vectors = page.file.parent / written.vectors if written.vectors else None
    digest = hashlib.sha256(page.text.encode())
    if vectors is not None:
        try:
            digest.update(vectors.read_bytes())
        except OSError as error:
            raise page.refuse(["vectors"], f"{vectors}: {error.strerror}") from error
    return Pack(
        facet=written.facet,
        title=written.title or written.facet,
        source=written.source,
        names=tuple(written.names),
        prompts=tuple(_render(name, written) for name in written.names),
        synonyms=_freeze(written.synonyms),
        groups=_freeze(written.groups),
        parents=_freeze(written.parents),
        is_exclusive=written.exclusive,
        threshold=written.threshold,
        thresholds=MappingProxyType(dict(written.thresholds)),
        vectors=vectors,
        space=written.space,
        digest=digest.hexdigest(),
    )


def _render(name: str, written: _Written) -> tuple[str, ...]:
    """What a name is asked for by: its own prompts, else all of the pack's with all its words."""
    if name in written.own_prompts:
        return tuple(written.own_prompts[name])
    words: Iterable[str] = (name, *written.synonyms.get(name, ()))
    return tuple(_fill(prompt, word) for word in words for prompt in written.prompts)


def _fill(prompt: str, word: str) -> str:
    if word[:1].casefold() in VOWELS:
        prompt = _ARTICLE.sub(rf"\1n {MARK}", prompt)
    return prompt.replace(MARK, word)


def _freeze(told: Mapping[str, Sequence[str]]) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({key: tuple(values) for key, values in told.items()})
