"""The verb `shotseek models`: which models there are, laying them ready, checking them.

Reads the command line, prints; knows nothing of how models work. Light at import: everything else
is imported where it is used.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from analyzers.encoder import Encoder
    from analyzers.profiles import Model

models = typer.Typer(
    no_args_is_help=True,
    help="Models: which there are, which are on this machine; fetching and checking them.\n\n"
    "A profile (demo, fast, standard, best) names the encoders of a collection; "
    "`shotseek index --encoder` takes any other: ARCH:TAG, ARCH:FILE or local-dir:DIR.",
)

FULL_WIDTH = 130  # characters of the table of models; a narrower terminal wraps its lines
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


@dataclass(frozen=True)
class Verdict:
    """What became of one model."""

    name: str
    ok: bool
    detail: str


@models.command("list")
def list_models(as_json: Json = False) -> None:
    """Show the models with their licence, size and source, and whether they are here."""
    from analyzers.models import is_here
    from analyzers.profiles import MODELS, PROFILES

    rows = [
        {
            "name": model.name,
            "job": str(model.job),
            "profiles": [profile.name for profile in PROFILES if model.name in profile.encoders],
            "licence": model.licence,
            "size_bytes": model.size_bytes,
            "source": model.source,
            "here": is_here(model),
        }
        for model in MODELS
    ]
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
    else:
        _print_models(rows)


@models.command("fetch")
def fetch_models(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="NAME",
            help="A profile (standard), an encoder (ViT-B-32:openai), yunet, sface, d-fine-small.",
        ),
    ],
    as_json: Json = False,
) -> None:
    """Download weights now, so that `index` and `search` need no network later.

    They go into the cache of the Hugging Face hub (HF_HOME moves it). For a machine without a
    network, fetch them elsewhere and copy that folder.
    """
    _report([_attempt(_fetch, name) for name in _expand(names)], as_json=as_json)


@models.command("check")
def check_models(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME]", help="Profiles or models; else all that are here."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare weights with the published SHA-256, load them, encode a picture and a text."""
    from analyzers.models import is_here
    from analyzers.profiles import MODELS

    asked = _expand(names or []) or [model.name for model in MODELS if is_here(model)]
    _report([_attempt(_check, name) for name in asked], as_json=as_json)


def _expand(names: Sequence[str]) -> list[str]:
    """Profiles to their encoders, models and encoders as they are, each once."""
    from analyzers.error import SettingsError
    from analyzers.profiles import MODELS, PROFILES, suggest

    known: dict[str, tuple[str, ...]] = {model.name: (model.name,) for model in MODELS}
    known |= {profile.name: profile.encoders for profile in PROFILES}
    for name in names:
        if ":" not in name and name not in known:
            raise SettingsError(f"no model or profile {name!r}{suggest(name, known)}")
    return list(dict.fromkeys(one for name in names for one in known.get(name, (name,))))


def _attempt(act: Callable[[str], str], name: str) -> Verdict:
    from analyzers.error import LibraryMissing, ModelUnavailable

    try:
        return Verdict(name, True, act(name))
    except (LibraryMissing, ModelUnavailable) as error:
        return Verdict(name, False, str(error))


def _fetch(name: str) -> str:
    from functools import partial

    from analyzers.error import ModelUnavailable
    from analyzers.models import fetch_files, has_files
    from analyzers.openclip import OpenClipEncoder
    from analyzers.profiles import Job, find_model

    fetch: Callable[[], None]
    is_here: Callable[[], bool]
    model = find_model(name)
    if model is not None and model.hub is not None and model.job != Job.ENCODE:
        fetch, is_here = partial(fetch_files, model.hub), partial(has_files, model.hub)
    else:
        encoder = _open_encoder(name)
        if not isinstance(encoder, OpenClipEncoder):
            return "nothing to fetch"
        fetch, is_here = encoder.fetch, encoder.is_here
    try:
        fetch()
    except ModelUnavailable:
        if not is_here():
            raise
        return "on this machine; whether the hub has a newer one could not be asked"
    return "on this machine"


def _check(name: str) -> str:
    from analyzers.checkpoint import find_shipped_onnx
    from analyzers.onnx_session import open_session
    from analyzers.openclip import OpenClipEncoder
    from analyzers.profiles import Job, find_model

    model = find_model(name)
    if model is not None and model.job == Job.TELL_ACTIONS:
        open_session(find_shipped_onnx(name))
        return "loads"
    if model is not None and model.job in (Job.FIND_FACES, Job.TELL_FACES, Job.FIND_OBJECTS):
        return _check_eyes(model)
    encoder = _open_encoder(name)
    if encoder is None:
        return "installed"
    published = isinstance(encoder, OpenClipEncoder) and encoder.check_hash()
    _try(encoder)
    return "SHA-256 as published, loads and encodes" if published else "loads and encodes"


def _check_eyes(model: "Model") -> str:
    """Compare the file with its published hash, then look at a blank picture."""
    import numpy as np

    from analyzers.checkpoint import find_shipped_onnx
    from analyzers.detectors import make_detector
    from analyzers.error import ModelUnavailable
    from analyzers.face_detector import YunetDetector
    from analyzers.face_embedder import CROP_PX
    from analyzers.face_embedders import make_face_embedder
    from analyzers.models import find_published_hash, find_weights, is_damaged
    from analyzers.profiles import Job

    weights = find_weights(model.hub) if model.hub else find_shipped_onnx(model.name)
    if weights is None:
        raise ModelUnavailable(f"not on this machine: shotseek models fetch {model.name}")
    if is_damaged(weights):
        raise ModelUnavailable("differs from the published SHA-256: remove it and fetch it again")
    grey = np.full((CROP_PX, CROP_PX, 3), 128, np.uint8)
    if model.job == Job.FIND_FACES:
        YunetDetector(model.name).find_faces([grey])
    elif model.job == Job.FIND_OBJECTS:
        make_detector(model.name).detect([grey])
    else:
        make_face_embedder(model.name).encode_faces([grey])
    return "SHA-256 as published, loads" if find_published_hash(weights) else "loads"


def _open_encoder(name: str) -> "Encoder | None":
    """The encoder of this name; None for a model with another job, which has to be installed."""
    from analyzers.error import LibraryMissing
    from analyzers.models import is_here
    from analyzers.profiles import Job, find_model
    from analyzers.registry import make_encoder

    model = find_model(name)
    if model is None or model.job == Job.ENCODE:
        return make_encoder(name)
    if not is_here(model):
        raise LibraryMissing(f"{model.library} is not installed: pip install 'shotseek[index]'")
    return None


def _try(encoder: "Encoder") -> None:
    import numpy as np

    from analyzers.error import ModelUnavailable

    grey = np.full((48, 64, 3), 128, np.uint8)
    vectors = np.concatenate([encoder.encode_images([grey]), encoder.encode_texts(["a picture"])])
    lengths = np.linalg.norm(vectors, axis=1)
    if vectors.shape != (2, encoder.space.dim) or not np.allclose(lengths, 1, atol=1e-3):
        raise ModelUnavailable(f"{encoder.space.encoder} gives no unit vectors: wrong weights?")


def _report(verdicts: Sequence[Verdict], *, as_json: bool) -> None:
    """Print what became of each model; exit 2 if one failed."""
    if as_json:
        typer.echo(json.dumps([asdict(verdict) for verdict in verdicts], indent=2))
    else:
        for verdict in verdicts:
            mark = "ok   " if verdict.ok else "FAILS"
            typer.echo(f"{mark} {verdict.name}: {verdict.detail}", err=not verdict.ok)
    if not all(verdict.ok for verdict in verdicts):
        raise typer.Exit(2)


def _print_models(rows: Sequence[dict[str, Any]]) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Column, Table

    titles = ("model", "for", "licence", "MB", "here")
    columns = [*(Column(title, no_wrap=True) for title in titles), Column("source")]
    table = Table(*columns, box=SIMPLE, pad_edge=False)
    for row in rows:
        use = ", ".join(row["profiles"]) or row["job"]
        megabytes = f"{row['size_bytes'] / 1e6:.0f}"
        here = "yes" if row["here"] else "no"
        table.add_row(row["name"], use, row["licence"], megabytes, here, row["source"])
    console = Console(width=max(Console().width, FULL_WIDTH))
    console.print(table)
    console.print("Lay ready what is not here: shotseek models fetch NAME", highlight=False)
