"""Hits for people: one line each, in colour on a terminal, plain where it is piped.

Knows no query; reads `why`.
"""

import io
import json
import os
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TextIO

from analyzers.error import ShotseekError
from search.hits import Hit, SearchResult, Why

if TYPE_CHECKING:
    from rich.table import Table

SHORT = 60  # characters of a reason


def write_answer(result: SearchResult, *, as_json: bool) -> None:
    """Write notes to standard error and hits to standard output, as lines or as one JSON object.

    Who stops reading early, as `head` does, has what was wanted.

    Raises:
        ShotseekError: standard output takes nothing more, such as a full disk.
    """
    for note in result.notes:
        sys.stderr.write(f"note: {note}\n")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # what its encoding lacks
    try:
        if as_json:
            sys.stdout.write(json.dumps(result.to_json()) + "\n")
        else:
            write_hits(result)
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
    except OSError as error:
        _drop_output()
        raise ShotseekError(f"the hits cannot be written: {error.strerror or error}") from error


def _drop_output() -> None:
    """Let what waits to be written go nowhere, or Python tries it again at its end, and fails."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def write_hits(result: SearchResult, out: TextIO | None = None) -> None:
    """Write the hits, each on a line: rank, score, video, time and why."""
    stream = sys.stdout if out is None else out
    if not result.hits:
        stream.write("no hits\n")
    elif stream.isatty():
        _write_table(result, stream)
    else:
        _write_plain(result, stream)


def _write_plain(result: SearchResult, stream: TextIO) -> None:
    for line in plain_lines(result.hits):
        stream.write(line + "\n")


def plain_lines(hits: Sequence[Hit]) -> Iterator[str]:
    """Each hit as a line, in columns."""
    wide = max((len(hit.video) for hit in hits), default=0)
    for hit in hits:
        rank, score, video, span, why = cells(hit)
        yield f"{rank:>4}  {score}  {video:<{wide}}  {span:<21}  {why}".rstrip()


def hit_table(hits: Sequence[Hit]) -> "Table":
    """The same as a table for a terminal."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("rank", justify="right", style="dim", no_wrap=True)
    table.add_column("score", style="green", no_wrap=True)
    table.add_column("video", style="bold", overflow="fold")
    table.add_column("time", style="cyan", no_wrap=True)
    table.add_column("why", style="dim", overflow="ellipsis", no_wrap=True)
    for hit in hits:
        table.add_row(*(Text(cell) for cell in cells(hit)))
    return table


def _write_table(result: SearchResult, stream: TextIO) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream)
    console.print(hit_table(result.hits))
    if result.total > len(result.hits) + sum(hit.similar for hit in result.hits):
        more = f"{result.total} hits, {len(result.hits)} shown; -k N shows more"
        console.print(Text(more, style="dim"))


def cells(hit: Hit) -> tuple[str, str, str, str, str]:
    """What is shown of a hit: rank, score, video, time, why; each in one line."""
    span = f"{show_time(hit.start_ms)}-{show_time(hit.end_ms)}"
    alike = f"+{hit.similar} alike" if hit.similar else ""
    why = ", ".join(filter(None, (alike, _reason(hit.why))))
    return str(hit.rank), f"{hit.score:.3f}", _printable(hit.video), span, why


def show_time(ms: int) -> str:
    """`m:ss.mmm`, or `h:mm:ss.mmm`."""
    minutes, rest = divmod(ms, 60_000)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{rest // 1000:02}.{rest % 1000:03}"
    return f"{hours}:{minutes:02}:{seconds}" if hours else f"{minutes}:{seconds}"


def _reason(why: Why) -> str:
    """What held at the hit, in few words."""
    said = _printable(", ".join(dict.fromkeys(_parts(why))))
    return said if len(said) <= SHORT else said[: SHORT - 3] + "..."


def _parts(why: Why) -> list[str]:
    if not why.match:
        return []
    if why.kind == "not":
        return [f"not {part}" for part in _parts(why.children[0])]
    if why.children:
        return [part for child in why.children for part in _parts(child)]
    more = why.model_extra or {}
    asked, found = str(more.get("asked", why.kind)), more.get("found")
    if not why.known:
        return [f"{asked}: unknown"]
    if why.kind == "words":
        return [f'{more["source"]} "{_printable(str(found))}"']
    if why.score is not None:
        return [f"{asked} {why.score:.2f}"]
    return [asked]


def _printable(text: str) -> str:
    """One line, without control characters."""
    return "".join(c if c.isprintable() else " " for c in " ".join(text.split()))
