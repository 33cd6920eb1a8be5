"""The verbs `world make`, `sheet`, `show` and `cues`. Parses and prints, nothing else."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bench.world.edition import Edition
    from bench.world.hardness import WorldHardness
    from bench.world.making import EditionMade, Order
    from bench.world.truth import ShotTruth

world = typer.Typer(
    help="The made world: animated films in which everything is known.", no_args_is_help=True
)

Name = Annotated[str, typer.Option("--edition", help="tiny, small or large.")]
Seed = Annotated[int, typer.Option(help="Another seed, another world.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Boxes = Annotated[bool, typer.Option("--boxes", help="Frame things, persons and faces.")]


@world.command()
def make(
    *,
    edition: Name = "tiny",
    seed: Seed = 7,
    folder: Annotated[
        Path | None, typer.Option(help="Where.", show_default="shotseek-world/EDITION-SEED")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Films made at once.", show_default="one per core")
    ] = None,
    truth_only: Annotated[bool, typer.Option("--truth-only", help="No films.")] = False,
    as_json: Json = False,
) -> None:
    """Make an edition's films and their truth; what is there already stays.

    Exit codes: 0 all made, 2 another edition lies in the folder, 130 interrupted (run it again).
    """
    from bench.world.making import EditionMixed, Order

    chosen = _find(edition, seed)
    place = folder or Path("shotseek-world", f"{edition}-{seed}")
    try:
        made = _make(place, chosen, Order(workers, truth_only), is_quiet=as_json)
    except EditionMixed as error:
        raise _fail(str(error)) from None
    except KeyboardInterrupt:
        typer.echo("interrupted; the same command goes on from here", err=True)
        raise typer.Exit(130) from None
    typer.echo(_to_json(made) if as_json else _to_text(made, place))


@world.command()
def sheet(
    out: Annotated[Path, typer.Argument(help="The PNG to write.")],
    *,
    edition: Name = "small",
    seed: Seed = 7,
    shots: Annotated[int, typer.Option(min=1, help="How many.")] = 20,
    columns: Annotated[int, typer.Option(min=1, help="Side by side.")] = 4,
    boxes: Boxes = False,
) -> None:
    """Draw a contact sheet of shots of an edition, with their captions."""
    from bench.world.sheet import SheetPlan, write_sheet

    write_sheet(out, SheetPlan(_find(edition, seed), shots, columns, boxes))


@world.command()
def show(
    video: Annotated[str, typer.Argument(help="A film's id, as test0003.")],
    shot: Annotated[str, typer.Argument(help="A shot's id.")],
    *,
    edition: Name = "small",
    seed: Seed = 7,
    out: Annotated[Path | None, typer.Option(help="Write its middle frame, with boxes.")] = None,
    as_json: Json = False,
) -> None:
    """Tell what is seen in one shot, and draw it."""
    import json
    from dataclasses import asdict

    from bench.world.edition import FilmUnknown, find_film
    from bench.world.making import plan_film, tell
    from bench.world.sheet import picture_shot

    try:
        film = find_film(video)
    except FilmUnknown as error:
        raise _fail(str(error)) from None
    plan = plan_film(_find(edition, seed), film)
    both = {
        seen.id: pair for pair in zip(plan.shots, tell(plan).shots, strict=True) for seen in pair
    }
    if shot not in both:
        raise _fail(f"no shot {shot!r} in {video}; there are {', '.join(both)}")
    planned, seen = both[shot]
    if out:
        picture_shot(plan, planned, seen, boxes=True).save(out)
    typer.echo(json.dumps(asdict(seen), indent=2) if as_json else _describe(seen))


@world.command()
def cues(
    *,
    films: Annotated[int, typer.Option(min=2, help="Test films that are judged.")] = 60,
    seed: Seed = 7,
    as_json: Json = False,
) -> None:
    """Tell what a single cue reaches beside all of them: the world must not be easy by accident.

    Exit codes: 0 hard enough, 1 some cue alone goes too far.
    """
    import json

    from bench.world.hardness import measure_hardness

    found = measure_hardness(seed, films, lambda line: typer.echo(line, err=True))
    typer.echo(json.dumps(found.to_json(), indent=2) if as_json else _tabulate(found))
    if any(task.verdict == "missed" for task in found.tasks):
        raise typer.Exit(1)


def _tabulate(found: "WorldHardness") -> str:
    head = f"{'task':18}{'measure':16}{'n':>6}{'all cues':>10}  best single cue"
    lines = [
        f"{each.task:18}{each.measure:16}{each.n:6}{each.together:10.3f}  "
        f"{each.best_alone:.3f} {each.best_cue:18} {each.verdict}"
        for each in found.tasks
    ]
    return "\n".join((head, *lines))


def _find(name: str, seed: int) -> "Edition":
    from bench.world.edition import EditionUnknown, find_edition

    try:
        return find_edition(name, seed)
    except EditionUnknown as error:
        raise _fail(str(error)) from None


def _fail(message: str) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(2)


def _make(place: Path, edition: "Edition", order: "Order", *, is_quiet: bool) -> "EditionMade":
    from rich.console import Console
    from rich.progress import Progress

    from bench.world.making import find_missing, make_edition

    with Progress(console=Console(stderr=True), disable=is_quiet, transient=True) as progress:
        task = progress.add_task("films", total=len(find_missing(place, edition, order)))
        return make_edition(place, edition, order, lambda _: progress.advance(task))


def _to_json(made: "EditionMade") -> str:
    import json
    from dataclasses import asdict

    figures = {
        "bench": "world", **asdict(made.record), "made": made.made, "cpu_s": round(made.cpu_s, 2),
        "wall_s": round(made.wall_s, 2), "times_real_time_per_core": round(made.rate, 1),
    }  # fmt: skip
    return json.dumps(figures)


def _to_text(made: "EditionMade", place: Path) -> str:
    record = made.record
    lines = [
        f"{place}: {record.films} films, {record.length_ms / 60_000:.0f} minutes, "
        f"edition {record.name}, seed {record.seed}, version {record.version}",
        f"sha256 of the truth: {record.sha256}",
    ]
    if made.made:
        lines.append(
            f"{made.made} made in {made.wall_s:.0f} s, {made.rate:.0f} times real time per core"
        )
    return "\n".join(lines)


def _describe(shot: "ShotTruth") -> str:
    when = ", ".join(filter(None, (shot.place, shot.season, shot.time)))
    lines = [f"{shot.id}: {shot.start_ms}-{shot.end_ms} ms, {when}, {shot.shot_size}, {shot.move}"]
    lines += [
        f"  {thing.size} {thing.colour} {thing.kind} ({thing.motion})" for thing in shot.things
    ]
    lines += [f"  {person.person}, {person.view}, {person.shot_size}" for person in shot.persons]
    lines += [f"  {done.actor}: {done.phrase}" for done in shot.actions]
    lines += [f"  {written.kind}: {written.text}" for written in shot.written]
    if shot.captions:
        words = (shot.captions.terse, shot.captions.novice, shot.captions.expert)
        lines += [f"  > {caption}" for caption in words]
    return "\n".join(lines)
