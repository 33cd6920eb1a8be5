"""The demonstration: makes a few films, then runs the real commands on them, as a person would.

Then it starts API and page, and either tries both over HTTP and ends them, or leaves them running.
Knows nothing of how indexing and searching work: it types commands and shows what they say.
"""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode

import typer

from analyzers.error import SettingsError, ShotseekError
from bench.demo_films import plan_films
from bench.serving import PortLost, Service, clean_environment, command_line, find_port, running
from bench.world.making import write_film

SMALL = (
    "The profile `demo` used here is a small model that was trained on drawn films like these. "
    "It needs no download, knows nothing of real videos, and is for trying and testing only."
)
ASKED = "a red car on a snowy street at night"
FIRST, SECOND = "a woman carrying a blue box", "two people shaking hands in an office"


class DemoFailed(ShotseekError):
    """A command ended badly, or API or page do not do what they should."""


class Demo:
    """A run of the demonstration in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._videos = folder / "videos"
        self._collection = folder / "collection"

    def run(self, *, keep: bool = False) -> None:
        """Make the films, index them, search twice, show API and page, say what to try next.

        Args:
            keep: leave API and page running until a signal comes; otherwise try both and end them.

        Raises:
            SettingsError: the folder cannot be made.
            DemoFailed: a command ended with an error, or what it started does not work.
            ServiceFailed: API or page did not start, or ended by itself.
            KeyboardInterrupt: a signal ended it before API and page were running.
        """
        self.fill()
        collection = ["--collection", str(self._collection)]
        self._type(["search", ASKED, *collection, "-k", "3"])
        self._type(["search", FIRST, "--then", SECOND, *collection, "-k", "3"])
        self._type(["search", "--where", "read=fresh honey", *collection, "-k", "3"])
        self._serve(keep=keep)

    def fill(self) -> None:
        """Make the films and index them."""
        try:
            self._videos.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(f"--folder {self._folder}: {error.strerror}") from error
        typer.echo(f"{SMALL}\n")
        films = plan_films()
        typer.echo(f"{len(films)} short films in {self._videos}")
        for film in films:
            path = self._videos / f"{film.id}.mp4"
            if not path.exists():
                write_film(film, path)
            seconds, shots = film.length_ms / 1000, len(film.shots)
            typer.echo(f"  {path.name:16} {seconds:4.1f} s  {shots} shots  {film.title}")
        collection = ["--collection", str(self._collection)]
        self._type(["index", str(self._videos), *collection, "--profile", "demo"])

    @contextmanager
    def serving(self) -> Iterator[tuple[str, str]]:
        """The addresses of API and page, which run until the block is left."""
        api, page = self._services(find_port(0), find_port(0))
        with running([api, page], self._folder):
            yield api.address, page.address

    def _type(self, words: Sequence[str]) -> None:
        """Show a command, run it, let it speak for itself."""
        _show(words)
        sys.stdout.flush()
        done = subprocess.run(command_line(words), env=clean_environment(), check=False)
        code = done.returncode
        if code:
            raise DemoFailed(f"`{words[0]}` ended with exit code {code}; see above")

    def _serve(self, *, keep: bool) -> None:
        """Start API and page at their usual ports where those are free, else at any others."""
        try:
            self._serve_at(find_port(8000), find_port(8501), keep=keep)
        except PortLost:  # another program was faster
            self._serve_at(find_port(0), find_port(0), keep=keep)

    def _serve_at(self, api_port: int, page_port: int, *, keep: bool) -> None:
        """Start API and page, say where they are, and try them or leave them to the person."""
        api, page = self._services(api_port, page_port)
        _show(["serve", "--collection", str(self._collection), "--port", str(api.port)])
        _show(page.words)
        with running([api, page], self._folder) as watch:
            question = urlencode({"text": ASKED})
            typer.echo(f"\nThe page:  {page.address}/?{question}")
            typer.echo(f"The API:   {api.address}/v1/search?{question}")
            self._suggest(["--collection", str(self._collection)])
            typer.echo()
            if keep:
                with suppress(KeyboardInterrupt):
                    typer.echo("Page and API are running until you press Ctrl-C.")
                    watch.wait_for_ever()
            else:
                try_out(api, page)
        typer.echo("\nBoth are ended." if keep else "Both are ended; `--keep` leaves them running.")

    def _services(self, api_port: int, page_port: int) -> tuple[Service, Service]:
        """What to start: whole paths, because they run in the folder of the demonstration."""
        collection, port = str(self._collection.resolve()), str(api_port)
        patient = ("--query-seconds", "120")  # a busy machine takes its time to load the model
        serve = ("serve", "--collection", collection, "--port", port, *patient)
        api = Service("the API", serve, api_port, "/healthz", self._folder / "api.log")
        words = ("ui", "--api", api.address, "--port", str(page_port))
        log = self._folder / "page.log"
        return api, Service("the page", words, page_port, "/_stcore/health", log)

    def _suggest(self, collection: Sequence[str]) -> None:
        typer.echo(f"\nThe films lie in {self._videos}: have a look. Try next:")
        for words in (
            ["search", "a dog on the beach in summer", *collection],
            ["search", "--where", "subtitle=snows", *collection],
            ["index", "YOUR/VIDEOS", "--collection", "my.collection"],
        ):
            typer.echo(f"  {shlex.join([command_name(), *words])}")
        typer.echo("The last one takes the profile `standard`: real models, fetched at first use.")


def try_out(api: Service, page: Service) -> None:
    """Search over HTTP, load a picture, ask for the page, and tell of each.

    Raises:
        DemoFailed: one of them does not do what it should.
        ApiError: the API does not answer, or refuses.
    """
    from search.client import SearchClient
    from search.client.transport import HttpTransport, Request

    client = SearchClient(api.address)
    found = client.search(ASKED, k=3)
    if not found.hits or not found.media:
        raise DemoFailed(f"the API at {api.address} finds nothing for {ASKED!r}")
    typer.echo(f"The API answers a search: {found.hits[0].video} first.")
    picture = client.read_media(found.media[0].small)
    if not picture.startswith(b"\xff\xd8"):
        raise DemoFailed(f"{client.address(found.media[0].small)} is no JPEG")
    typer.echo(f"It gives the picture of that hit: {len(picture)} bytes.")
    answer = HttpTransport().send(Request("GET", page.address + "/"), 10.0)
    if answer.status != 200 or b"<html" not in answer.body.lower():
        raise DemoFailed(f"the page at {page.address} answers {answer.status}, without HTML")
    typer.echo("The page answers.")


def _show(words: Sequence[str]) -> None:
    typer.secho(f"\n$ {shlex.join([command_name(), *words])}", bold=True)


def command_name() -> str:
    """What a person has to type to reach this very installation."""
    mine = Path(sys.executable).with_name("shotseek")
    found = shutil.which("shotseek")
    if not mine.exists() or (found and Path(found).resolve() == mine.resolve()):
        return "shotseek"
    return os.path.relpath(mine) if mine.is_relative_to(Path.cwd()) else str(mine)
