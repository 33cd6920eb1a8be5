"""The demonstration: makes a few films, then runs the real commands on them, as a person would.

Knows nothing of how indexing and searching work: it types commands and shows what they say.
"""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import typer

from analyzers.clip import Cue
from analyzers.error import SettingsError, ShotseekError
from bench.films import FILMS, FPS, Film
from bench.videos import Coding, write_video

TOY = (
    "The profile `demo` used here is a toy: it compares colours and knows no things. "
    "It needs no download and is for trying and testing only."
)


class DemoFailed(ShotseekError):
    """One of the commands of the demonstration ended badly; what it said stands above."""


class Demo:
    """A run of the demonstration in one folder."""

    def __init__(self, folder: Path) -> None:
        self._videos = folder / "videos"
        self._collection = folder / "collection"

    def run(self) -> None:
        """Make the films, index them, search twice, and say what to try next.

        Raises:
            SettingsError: the folder cannot be made.
            DemoFailed: a command ended with an error.
        """
        try:
            self._videos.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(f"--folder {self._videos.parent}: {error.strerror}") from error
        typer.echo(f"{TOY}\n")
        typer.echo(f"{len(FILMS)} short films in {self._videos}")
        for film in FILMS:
            seconds = sum(shot.seconds for shot in film.shots)
            path = write_film(film, self._videos)
            typer.echo(f"  {path.name:16} {seconds:4.1f} s  {len(film.shots)} shots  {film.title}")
        collection = ["--collection", str(self._collection)]
        self._type(["index", str(self._videos), *collection, "--profile", "demo"])
        self._type(["search", "a red balloon", *collection, "-k", "3"])
        self._type(["search", "--where", "read=fresh honey", *collection, "-k", "3"])
        self._suggest(collection)

    def _type(self, words: Sequence[str]) -> None:
        """Show a command, run it, let it speak for itself."""
        typer.secho(f"\n$ {shlex.join([command_name(), *words])}", bold=True)
        sys.stdout.flush()
        known = {"SHOTSEEK_DEBUG", "SHOTSEEK_CATALOG_PASSWORD"}
        mine = {k: v for k, v in os.environ.items() if k in known or not k.startswith("SHOTSEEK_")}
        # -P: a folder named `search` where the person stands must not shadow ours.
        command = [sys.executable, "-P", "-m", "shotseek", *words]
        code = subprocess.run(command, env=mine, check=False).returncode
        if code:
            raise DemoFailed(f"`{words[0]}` ended with exit code {code}; see above")

    def _suggest(self, collection: Sequence[str]) -> None:
        typer.echo(f"\nThe films lie in {self._videos}: have a look. Try next:")
        for words in (
            ["search", "green", "--then", "purple", *collection],
            ["search", "--where", "subtitle=lighthouse", *collection],
            ["index", "YOUR/VIDEOS", "--collection", "my.collection"],
        ):
            typer.echo(f"  {shlex.join([command_name(), *words])}")
        typer.echo("The last one takes the profile `standard`: real models, fetched at first use.")


def write_film(film: Film, folder: Path) -> Path:
    """Write a film, with its subtitles beside it, unless it is there already; its path."""
    path = folder / f"{film.name}.mp4"
    if path.exists():
        return path
    if film.cues:
        path.with_suffix(".srt").write_text(format_srt(film.cues), encoding="utf-8")
    coding = Coding(fps=FPS, tags={"title": film.title})
    part = write_video(path.with_name(f".{path.name}.part.mp4"), film.frames(), coding)
    part.replace(path)  # whole or not at all
    return path


def format_srt(cues: Iterable[Cue]) -> str:
    """Subtitles as the text of an .srt file."""
    return "\n".join(
        f"{number}\n{_clock(cue.start_ms)} --> {_clock(cue.end_ms)}\n{cue.text}\n"
        for number, cue in enumerate(cues, start=1)
    )


def _clock(time_ms: int) -> str:
    seconds, ms = divmod(time_ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},{ms:03}"


def command_name() -> str:
    """What a person has to type to reach this very installation."""
    mine = Path(sys.executable).with_name("shotseek")
    found = shutil.which("shotseek")
    if not mine.exists() or (found and Path(found).resolve() == mine.resolve()):
        return "shotseek"
    return os.path.relpath(mine) if mine.is_relative_to(Path.cwd()) else str(mine)
