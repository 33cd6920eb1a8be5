"""The verb `shotseek persons`: who is there, names, merging, splitting, hiding, forgetting.

Reads the command line; the work is done elsewhere, and imported where it is used.
"""

from pathlib import Path
from typing import Annotated

import typer

persons = typer.Typer(
    no_args_is_help=True,
    help="Persons: who is seen, what they are called, and forgetting them.\n\n"
    "Faces are looked for only where asked: `shotseek index VIDEOS -c C --analyzers "
    "+faces,+persons`. Then `persons list` shows clusters of faces, `persons name p0 Ann` "
    "names one, and `persons show Ann` says where she is seen. Names stay when videos are indexed "
    "again.\n\n"
    "WHO is a name, the id of a person (p-...), or a cluster of `list` that is nobody's (p0). "
    "A face is VIDEO@TIME, as in film.mp4@1:02.5; where several are seen then, "
    "VIDEO@TIME@X0,Y0,X1,Y1 with its box as fractions of width and height.",
)

CollectionDir = Annotated[
    Path, typer.Option("--collection", "-c", help="The collection's folder.", show_default=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
Who = Annotated[str, typer.Argument(metavar="WHO", help="A name, a person's id, or a cluster.")]


@persons.command("list")
def list_persons(
    collection: CollectionDir,
    hidden: Annotated[bool, typer.Option("--hidden", help="Show hidden ones too.")] = False,
    least: Annotated[int, typer.Option(min=1, help="Leave out smaller clusters.")] = 1,
    as_json: AsJson = False,
) -> None:
    """List persons, then clusters of faces that are nobody's yet, largest first."""
    from indexer.people.commands import print_list

    print_list(collection, hidden=hidden, least=least, as_json=as_json)


@persons.command("show")
def show_person(who: Who, collection: CollectionDir, as_json: AsJson = False) -> None:
    """Say where somebody is seen: videos, times, boxes."""
    from indexer.people.commands import print_appearances

    print_appearances(collection, who, as_json=as_json)


@persons.command("name")
def name_person(
    who: Annotated[str, typer.Argument(metavar="WHO|FACE", help="A person, a cluster, or a face.")],
    collection: CollectionDir,
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Without one the name is taken away.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Name a person, a cluster, or the face at a time.

    Where somebody has that name already, a cluster or a face is added to that person. Two persons
    become one by `merge`.
    """
    from indexer.people.commands import run_name

    run_name(collection, who, name, as_json=as_json)


@persons.command("merge")
def merge_persons(
    whos: Annotated[list[str], typer.Argument(metavar="WHO...", help="Persons or clusters.")],
    into: Annotated[str, typer.Option(help="The person that they are.", show_default=False)],
    collection: CollectionDir,
    as_json: AsJson = False,
) -> None:
    """Make one person of several; old ids and names lead to it."""
    from indexer.people.commands import run_merge

    run_merge(collection, whos, into, as_json=as_json)


@persons.command("split")
def split_person(
    who: Who,
    faces: Annotated[
        list[str],
        typer.Argument(metavar="FACE...", help="VIDEO@TIME or VIDEO@TIME@BOX, as `show` lists."),
    ],
    collection: CollectionDir,
    name: Annotated[str | None, typer.Option(help="What the new person is called.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a new person of some faces of another."""
    from indexer.people.commands import run_split

    run_split(collection, who, faces, name, as_json=as_json)


@persons.command("hide")
def hide_person(who: Who, collection: CollectionDir, as_json: AsJson = False) -> None:
    """Keep somebody out of sight; nothing is removed, see `forget` for that."""
    from indexer.people.commands import run_hide

    run_hide(collection, who, is_hidden=True, as_json=as_json)


@persons.command("unhide")
def unhide_person(who: Who, collection: CollectionDir, as_json: AsJson = False) -> None:
    """Show somebody again."""
    from indexer.people.commands import run_hide

    run_hide(collection, who, is_hidden=False, as_json=as_json)


@persons.command("forget")
def forget_person(
    who: Who,
    collection: CollectionDir,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove for good all that is stored of somebody, and never store it again at these places.

    Vectors, tracks, boxes, what was said of them, and the name go from the collection and its
    search files; search files in which the person was are made anew, which may take long. What
    stays are empty tombstones (video, time, box), which indexing obeys. Videos and their pictures
    are not changed. If it is interrupted, run it again. Backups are not reached.
    """
    from indexer.people.commands import run_forget

    run_forget(collection, who, is_sure=yes, as_json=as_json)


@persons.command("export")
def export_person(who: Who, collection: CollectionDir, as_json: AsJson = False) -> None:
    """Say everything that is stored of somebody: as text, or whole with --json."""
    from indexer.people.commands import print_export

    print_export(collection, who, as_json=as_json)
