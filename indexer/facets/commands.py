"""What the verbs of `shotseek facet` do: make the parts, run them, print what came of it."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from analyzers.error import SettingsError
from analyzers.pack import Pack, find_pack, find_shipped, read_pack
from analyzers.profiles import suggest
from analyzers.zero_shot import encode_names, measure_scale, read_vectors
from indexer.collection import Collection
from indexer.error import SpaceMismatch
from indexer.facets.labelling import Labelled, label_videos, sample_vectors
from indexer.facets.store import Facet, delete_facet, read_facets, write_facet
from indexer.records import RunState

EXIT_PROBLEMS = 3
EXIT_INTERRUPTED = 130


def run_add(folder: Path, spec: str, space: str | None, *, as_json: bool) -> int:
    """Add a pack to a collection and label its keyframes; returns the exit code."""
    from indexer.generations.build import bring_up_to_date

    pack = read_pack(find_pack(spec))
    with Collection.open_(folder) as collection:
        facet = write_facet(folder, _make_facet(collection, pack, space))
        try:
            done = _label(collection, facet, is_quiet=as_json)
            bring_up_to_date(collection)
        except KeyboardInterrupt:
            typer.echo("shotseek: interrupted; run the same command again to go on", err=True)
            return EXIT_INTERRUPTED
    _print_labelled(facet, done, as_json=as_json)
    return EXIT_PROBLEMS if done.failures else 0


def print_facets(folder: Path | None, *, as_json: bool) -> None:
    """Print shipped packs and, where a collection is named, its facets."""
    shipped = [_describe(read_pack(find_pack(name))) for name in find_shipped()]
    added = [] if folder is None else _describe_facets(folder)
    if as_json:
        typer.echo(json.dumps({"shipped": shipped, "facets": added}))
        return
    table = Table("pack", "names", "one at a time", "what", title="shipped with the product")
    for told in shipped:
        table.add_row(
            told["facet"], str(told["names"]), "yes" if told["exclusive"] else "", told["title"]
        )
    Console().print(table)
    if folder is not None:
        table = Table("facet", "names", "videos", "space", title=f"of {folder}")
        for told in added:
            table.add_row(told["facet"], str(told["names"]), str(told["videos"]), told["space"])
        Console().print(table)


def run_remove(folder: Path, name: str, *, as_json: bool) -> None:
    """Remove a facet with its labels, then bring the search files up to date."""
    from indexer.generations.build import bring_up_to_date

    with Collection.open_(folder) as collection:
        facets = {facet.pack.facet: facet for facet in read_facets(folder)}
        if name not in facets:
            hint = suggest(name, facets) if facets else "; it has none"
            raise SettingsError(f"{folder}: no facet {name!r}{hint}")
        delete_facet(folder, name)
        collection.remove_findings(facets[name].analyzer)
        bring_up_to_date(collection)
    typer.echo(json.dumps({"removed": name}) if as_json else f"removed {name}")


def _make_facet(collection: Collection, pack: Pack, space: str | None) -> Facet:
    from analyzers.registry import make_encoder

    name = _choose_space(collection, pack, space)
    if pack.vectors is not None and pack.space == name:
        vectors = read_vectors(pack)
    else:
        vectors = encode_names(pack, make_encoder(collection.spaces[name].encoder))
    if vectors.shape[1] != collection.spaces[name].dim:
        raise SpaceMismatch(
            f"{pack.facet}: its vectors have {vectors.shape[1]} dimensions, the space {name} has "
            f"{collection.spaces[name].dim}"
        )
    sample = sample_vectors(collection, name)
    if not len(sample):
        raise SettingsError(
            f"{collection.folder}: no vectors in the space {name} yet; index videos first"
        )
    return Facet(pack, name, vectors, measure_scale(pack, vectors, sample))


def _choose_space(collection: Collection, pack: Pack, asked: str | None) -> str:
    """The space that is asked for, or the pack's, or the first that knows texts.

    Raises:
        SettingsError: there is none such.
    """
    spaces = collection.spaces.values()
    known = [space.name for space in spaces if space.encoder and not space.detector]
    wanted = asked or pack.space
    if wanted is not None and wanted not in known:
        hint = suggest(wanted, known)
        raise SettingsError(f"{collection.folder}: no text-image space {wanted!r}{hint}")
    if not known:
        raise SettingsError(f"{collection.folder}: no text-image space; index videos first")
    return wanted or known[0]


def _label(collection: Collection, facet: Facet, *, is_quiet: bool) -> Labelled:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True, quiet=is_quiet)
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as progress:
        bar = progress.add_task(f"{facet.pack.facet}: videos", total=None)
        return label_videos(
            collection, [facet], lambda done, of: progress.update(bar, completed=done, total=of)
        )


def _print_labelled(facet: Facet, done: Labelled, *, as_json: bool) -> None:
    per_million = done.seconds / max(done.keyframes, 1) * 1e6
    if as_json:
        told = {"facet": facet.pack.facet, "space": facet.space, **asdict(done)}
        typer.echo(json.dumps({**told, "seconds_per_million": per_million}))
        return
    for path, reason in done.failures:
        typer.echo(f"shotseek: {path}: {reason}; `shotseek check` says more", err=True)
    typer.echo(
        f"{facet.pack.facet}: {done.labels:,} labels on {done.keyframes:,} keyframes of "
        f"{done.videos:,} videos in {done.seconds:.1f} s, {per_million:,.0f} s for a million"
    )


def _describe(pack: Pack) -> dict[str, Any]:
    return {
        "facet": pack.facet,
        "title": pack.title,
        "names": len(pack.names),
        "exclusive": pack.is_exclusive,
        "source": pack.source,
    }


def _describe_facets(folder: Path) -> list[dict[str, Any]]:
    with Collection.open_(folder) as collection:
        facets = read_facets(folder)
        runs = [run for run in collection.catalog.read_runs() if run.state is RunState.DONE]
    done = [(run.analyzer, run.version) for run in runs]
    return [
        {
            **_describe(facet.pack),
            "space": facet.space,
            "videos": done.count((facet.analyzer, facet.version)),
        }
        for facet in facets
    ]
