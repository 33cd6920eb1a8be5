"""What `shotseek persons` does: opens the door, asks it, prints what came of it."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from analyzers.error import SettingsError
from analyzers.finding import Box
from indexer.collection import Collection
from indexer.commands import clock
from indexer.people.error import PersonMissing
from indexer.people.gallery import Gallery
from indexer.people.people import open_people
from indexer.people.person import Appearance, Entry, Person, Place

TIME = re.compile(r"(?:(?:(\d+):)?(\d{1,2}):)?(\d+(?:\.\d{1,3})?)")  # 1:02:03.456
FORM = "VIDEO@TIME or VIDEO@TIME@X0,Y0,X1,Y1, such as film.mp4@1:02.5@0.4,0.1,0.6,0.5"
NOBODY = (
    "nobody is known here: `shotseek index VIDEOS --collection {folder} --analyzers "
    "+faces,+persons` looks for faces"
)


@contextmanager
def open_gallery(folder: Path, *, writing: bool = False) -> Iterator[Gallery]:
    """The door to the persons of a collection; who asks for nobody is told where to look."""
    with Collection.open_(folder) as collection, open_people(folder, writing=writing) as people:
        try:
            yield Gallery(collection, people)
        except PersonMissing as error:
            raise PersonMissing(f"{error}; `shotseek persons list` shows who is known") from error


def print_list(folder: Path, *, hidden: bool, least: int, as_json: bool) -> None:
    """Print persons and clusters."""
    with open_gallery(folder) as gallery:
        found = gallery.find_entries()
    entries = [
        each
        for each in found
        if (hidden or not each.is_hidden) and (each.is_person or each.tracks >= least)
    ]
    if as_json:
        typer.echo(json.dumps([_entry_json(each) for each in entries], ensure_ascii=False))
        return
    if not found:
        typer.echo(NOBODY.format(folder=folder))
        return
    table = Table("who", "name", "faces", "videos")
    table.add_column("seen best", overflow="fold")
    for each in entries:
        name = each.name or ("" if each.is_person else "[dim]nobody yet[/dim]")
        name = escape(name) if each.name else name
        hint = " (hidden)" if each.is_hidden else ""
        best = "" if each.best is None else face_text(each.best)
        table.add_row(each.id, name + hint, str(each.tracks), str(each.videos), escape(best))
    Console().print(table)


def print_appearances(folder: Path, who: str, *, as_json: bool) -> None:
    """Print where somebody is seen."""
    with open_gallery(folder) as gallery:
        entry, found = gallery.get_entry(who), gallery.find_appearances(who)
    if as_json:
        faces = [asdict(each) for each in found]
        typer.echo(json.dumps({**_entry_json(entry), "faces": faces}, ensure_ascii=False))
        return
    table = Table(title=escape(entry.name or entry.id))
    for column in ("face", "from", "to", "quality"):
        table.add_column(column, overflow="fold")
    for each in found:
        quality = "" if each.quality is None else f"{each.quality:.0f}"
        span = (clock(each.start_ms), clock(each.end_ms))
        table.add_row(escape(face_text(each)), *span, quality)
    Console().print(table)


def run_name(folder: Path, who: str, name: str | None, *, as_json: bool) -> None:
    """Name somebody."""
    with open_gallery(folder, writing=True) as gallery:
        person = gallery.name(_read_who(gallery, who), name)
    called = f"is {person.name} now" if person.name else "has no name any more"
    _print_person(person, f"{who} {called}", as_json=as_json)


def run_merge(folder: Path, whos: Sequence[str], into: str, *, as_json: bool) -> None:
    """Make one person of several."""
    with open_gallery(folder, writing=True) as gallery:
        person = gallery.merge(whos, into)
    _print_person(person, f"{', '.join(whos)}: {_called(person)} now", as_json=as_json)


def run_split(
    folder: Path, who: str, faces: Sequence[str], name: str | None, *, as_json: bool
) -> None:
    """Make a new person of some faces."""
    with open_gallery(folder, writing=True) as gallery:
        places = [_read_face(gallery, face) for face in faces]
        person = gallery.split(who, places, name)
    _print_person(person, f"{len(places)} faces of {who}: {_called(person)} now", as_json=as_json)


def run_hide(folder: Path, who: str, *, is_hidden: bool, as_json: bool) -> None:
    """Hide somebody, or show them again."""
    with open_gallery(folder, writing=True) as gallery:
        person = gallery.hide(who) if is_hidden else gallery.unhide(who)
    done = "is hidden; `persons list --hidden` shows it" if is_hidden else "is shown again"
    _print_person(person, f"{_called(person)} {done}", as_json=as_json)


def run_forget(folder: Path, who: str, *, is_sure: bool, as_json: bool) -> None:
    """Forget somebody, after asking."""
    with open_gallery(folder, writing=True) as gallery:
        if not is_sure:
            _ask(gallery, who, as_json=as_json)
        gone = gallery.forget(who, _quiet if as_json else _tell)
    if as_json:
        typer.echo(json.dumps(asdict(gone)))
        return
    typer.echo(
        f"forgotten: {gone.tracks} faces in {gone.videos} videos; purge backups that hold them"
    )


def print_export(folder: Path, who: str, *, as_json: bool) -> None:
    """Print what is stored of somebody."""
    with open_gallery(folder) as gallery:
        told = gallery.export(who)
    typer.echo(told.to_json() if as_json else told.to_text())


def face_text(face: Appearance) -> str:
    """A face as it can be typed again."""
    box = ",".join(f"{edge:.3f}" for edge in face.box)
    return f"{face.video_name}@{clock(face.time_ms)}@{box}"


def read_place(text: str) -> tuple[str, int, Box | None]:
    """The video, the time in ms and the box of VIDEO@TIME[@BOX].

    Raises:
        SettingsError: it is written otherwise.
    """
    parts = text.rsplit("@", 2)
    box = _read_box(parts[-1]) if len(parts) == 3 else None
    video, _, time = text.rpartition("@") if box is None else (parts[0], "@", parts[1])
    matched = TIME.fullmatch(time)
    if not video or matched is None:
        raise SettingsError(f"{text}: is no face; write {FORM}")
    hours, minutes, seconds = matched.groups()
    whole_ms = (int(hours or 0) * 60 + int(minutes or 0)) * 60_000
    return video, whole_ms + round(float(seconds) * 1000), box


def _read_box(text: str) -> Box | None:
    """Four fractions; None where it is no box."""
    try:
        x0, y0, x1, y1 = map(float, text.split(","))
    except ValueError:
        return None
    if not (0 <= x0 < x1 <= 1 and 0 <= y0 < y1 <= 1):
        raise SettingsError(f"{text}: is no box; write left,top,right,bottom from 0 to 1")
    return (x0, y0, x1, y1)


def _read_face(gallery: Gallery, text: str) -> Place:
    return gallery.find_at(*read_place(text)).place


def _read_who(gallery: Gallery, text: str) -> str | Place:
    """Somebody by name or id; else a face, if it is written as one."""
    try:
        gallery.get_entry(text)
    except PersonMissing:
        if "@" in text:
            return _read_face(gallery, text)
        raise
    return text


def _ask(gallery: Gallery, who: str, *, as_json: bool) -> None:
    """Make sure that it is meant; ends the command if it is not."""
    try:
        entry: Entry | None = gallery.get_entry(who)
    except PersonMissing:
        entry = None  # what was broken off is ended without asking again
    if entry is None:
        return
    called = f"{entry.name} ({entry.id})" if entry.name else entry.id
    what = f"{called}, {entry.tracks} faces in {entry.videos} videos"
    if as_json:
        raise SettingsError(f"{what}: would be removed for good; add --yes")
    typer.confirm(f"Remove {what}, for good?", abort=True)


def _tell(stage: str) -> None:
    typer.echo(f"  {stage}", err=True)


def _quiet(stage: str) -> None:
    pass


def _print_person(person: Person, line: str, *, as_json: bool) -> None:
    typer.echo(json.dumps(asdict(person), ensure_ascii=False) if as_json else line)


def _called(person: Person) -> str:
    return person.name or person.id


def _entry_json(entry: Entry) -> dict[str, Any]:
    return asdict(entry)
