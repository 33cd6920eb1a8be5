"""The verb `shotseek facet`: add packs to a collection, list and remove them.

Reads the command line; the work is done elsewhere, and imported where it is used.
"""

from pathlib import Path
from typing import Annotated

import typer

facet = typer.Typer(
    no_args_is_help=True,
    help="Facets: what keyframes show, as labels to filter by, from a pack of names.\n\n"
    "A pack is a file of TOML with names and what they are asked for by; some are shipped: "
    "`facet list`. `facet add weather -c C` labels all keyframes from their stored vectors, "
    "opening no video, and `index` labels what comes later. Then "
    '`search --where "weather/snowfall>=1"` finds them.',
)

CollectionDir = Annotated[
    Path, typer.Option("--collection", "-c", help="The collection's folder.", show_default=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]


@facet.command("add")
def add_facet(
    pack: Annotated[str, typer.Argument(metavar="PACK", help="A shipped pack, or a file of TOML.")],
    collection: CollectionDir,
    space: Annotated[
        str | None, typer.Option(help="Whose vectors are looked at; the first text-image space.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Label all keyframes with the names of a pack; one that was added before is replaced.

    Exit codes: 0 all good, 3 vectors of some videos could not be read, 130 interrupted (run it
    again to go on).
    """
    from indexer.facets.commands import run_add

    raise typer.Exit(run_add(collection, pack, space, as_json=as_json))


@facet.command("list")
def list_facets(
    collection: Annotated[
        Path | None,
        typer.Option("--collection", "-c", help="Say what of it is labelled.", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the packs that are shipped, and the facets of a collection."""
    from indexer.facets.commands import print_facets

    print_facets(collection, as_json=as_json)


@facet.command("remove")
def remove_facet(
    name: Annotated[str, typer.Argument(metavar="FACET", help="As `facet list` names it.")],
    collection: CollectionDir,
    as_json: AsJson = False,
) -> None:
    """Remove a facet and all its labels from a collection."""
    from indexer.facets.commands import run_remove

    run_remove(collection, name, as_json=as_json)
