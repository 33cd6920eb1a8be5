"""Files of models on this machine: found, fetched from their hub, compared with what was published.

The one door to the Hugging Face hub. Files lie in the hub's own cache (HF_HOME moves it), which can
be copied to a machine without a network. Knows nothing of what is in the files or how they are
loaded.
"""

import hashlib
import re
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from analyzers.error import LibraryMissing, ModelUnavailable
from analyzers.profiles import HubSource, Job, Model, find_model

_SHA256 = re.compile(r"[0-9a-f]{64}")
_PROBE_SECONDS = 5.0  # how long to wait for a first answer of the hub
# What a tokenizer or a text model's settings consist of; the first group holds its vocabulary.
_VOCABULARIES = (
    *("tokenizer.json", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model"),
    *("vocab.json", "vocab.txt"),
)
_SETTINGS = (
    *("config.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"),
    "merges.txt",
)


def is_here(model: Model) -> bool:
    """Whether a model can be used on this machine without a network."""
    if model.hub is not None:
        return has_files(model.hub)
    return model.library is None or find_spec(model.library) is not None


def has_files(source: HubSource) -> bool:
    """Whether the weights and all that goes with them were fetched."""
    if find_spec("huggingface_hub") is None:
        return False
    weights = not source.files or find_weights(source) is not None
    besides = all(_find_cached(source.repo, (name,)) for name in source.beside)
    return weights and besides and all(map(find_tokenizer, source.text_repos))


def find_weights(source: HubSource) -> Path | None:
    """The fetched weights, without asking the network."""
    return _find_cached(source.repo, source.files)


def find_tokenizer(repo: str) -> Path | None:
    """The folder with a fetched tokenizer, without asking the network."""
    vocabulary = _find_cached(repo, _VOCABULARIES)
    return vocabulary.parent if vocabulary else None


def fetch_files(source: HubSource) -> None:
    """Download what is not here yet, with a progress bar on standard error.

    Raises:
        ModelUnavailable: the hub cannot be reached or refuses, or a file is not what it published.
    """
    _require_hub()
    try:
        if source.files:
            _remove_if_damaged(_download_weights(source))
        _download_beside(source)
        for repo in source.text_repos:
            _download_tokenizer(repo)
    except ModelUnavailable:
        raise
    except Exception as error:  # whatever hub, network or disk raise: the weights cannot be had
        place = source.repo or ", ".join(source.text_repos)
        reason = f"cannot be fetched from {place}: {_reason(error)}"
        raise ModelUnavailable(reason) from error


def get_weights(spec: str, job: Job, own: str) -> Path:
    """The file of a model known by name, fetched if it is not here, or the file of this path.

    Args:
        spec: name or path.
        job: of the model.
        own: how a file of one's own is given, for the message: "--face-detector FILE".

    Raises:
        ModelUnavailable: there is no such file, or it cannot be fetched.
    """
    model = find_model(spec)
    if model is None or model.job != job or model.hub is None:
        if not Path(spec).is_file():
            raise ModelUnavailable(f"the model for {job}: there is no file {spec}")
        return Path(spec)
    found = find_weights(model.hub) if has_files(model.hub) else None
    if found is not None:
        return found
    try:
        fetch_files(model.hub)
    except ModelUnavailable as error:
        raise ModelUnavailable(
            f"the model for {job}: {spec} {error}. Ways out: `shotseek models fetch {spec}` with "
            f"a network, or {own} with weights of your own"
        ) from error
    fetched = find_weights(model.hub)
    if fetched is None:
        raise ModelUnavailable(f"{spec} was fetched and is not in the hub's cache: is HF_HOME set?")
    return fetched


def find_published_hash(file: Path) -> str | None:
    """The SHA-256 that the hub published for a fetched file: the cache keeps it under that name."""
    name = file.resolve().name
    return name if _SHA256.fullmatch(name) else None


def is_damaged(file: Path) -> bool:
    """Whether a fetched file differs from its published hash; False where none is known."""
    published = find_published_hash(file)
    return published is not None and hash_file(file) != published


def hash_file(file: Path) -> str:
    """SHA-256 of a file in hex; computed once in a process as long as size and time stay."""
    seen = file.stat()
    return _hash_bytes(file, seen.st_size, seen.st_mtime_ns)


@lru_cache(maxsize=256)
def _hash_bytes(file: Path, size: int, mtime_ns: int) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _find_cached(repo: str, names: tuple[str, ...]) -> Path | None:
    from huggingface_hub import try_to_load_from_cache

    for name in names:
        found = try_to_load_from_cache(repo, name)
        if isinstance(found, str):
            return Path(found)
    return None


def _download_weights(source: HubSource) -> Path:
    """Ask first with a short patience: the download itself tries again for minutes."""
    from huggingface_hub import hf_hub_download

    for name in source.files:
        if _publishes(source.repo, name):
            return Path(hf_hub_download(source.repo, name))
    raise FileNotFoundError(f"it has none of {', '.join(source.files)}")


def _download_beside(source: HubSource) -> None:
    from huggingface_hub import hf_hub_download

    for name in source.beside:
        hf_hub_download(source.repo, name)


def _remove_if_damaged(weights: Path) -> None:
    if is_damaged(weights):
        weights.resolve().unlink()
        weights.unlink()
        raise ModelUnavailable("damaged on the way (not the published SHA-256), removed: try again")


def _publishes(repo: str, name: str) -> bool:
    from huggingface_hub import get_hf_file_metadata, hf_hub_url
    from huggingface_hub.errors import EntryNotFoundError

    try:
        get_hf_file_metadata(hf_hub_url(repo, name), timeout=_PROBE_SECONDS)
    except EntryNotFoundError:
        return False
    return True


def _download_tokenizer(repo: str) -> None:
    from huggingface_hub import snapshot_download

    snapshot_download(repo, allow_patterns=[*_SETTINGS, *_VOCABULARIES])


def _reason(error: Exception) -> str:
    """One line on why the hub did not answer."""
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__


def _require_hub() -> None:
    if find_spec("huggingface_hub") is None:
        raise LibraryMissing(
            "models need the hub's library, which is not installed: pip install 'shotseek[search]'"
        )
