"""Shot detection: `make_segmenter` makes the one that is asked for.

To add one: a class that keeps the contract of `indexer/segmenter.py` in a file of its own, a line
in `_make_detector` and in `CHOICES`, a row in `tests/indexer/test_segmenter_contract.py`.

`auto` is `transnet` on a CUDA device and `adaptive` elsewhere. Takes that are longer than 20 s are
cut into windows (`takes.py`), but not by `fixed` and `given`: they say where every cut is.
"""

import difflib
import hashlib
from pathlib import Path

from analyzers.error import SettingsError
from indexer.segmenter import Segmenter

CHOICES = ("auto", "content", "adaptive", "transnet", "fixed:SECONDS", "given:DIR")


def segmenter_name(spec: str, device: str, video: Path | None = None) -> str:
    """What is recorded beside the shots: `auto` resolved, numbers and paths in one form.

    Args:
        spec: one of `CHOICES`, filled in.
        device: `cpu`, `cuda` or `cuda:N`.
        video: whose shots; the name for `given` then tells the content of its table, after a `#`.

    Raises:
        SettingsError: there is no such shot detection, or it cannot work with what it is given.
    """
    kind, _, option = spec.partition(":")
    if kind == "fixed":
        return f"fixed:{_read_seconds(spec, option):g}"
    if kind == "given":
        folder = _find_folder(spec, option)
        return f"given:{folder}" + (_table_mark(folder, video) if video else "")
    if spec not in CHOICES:
        near = difflib.get_close_matches(spec, CHOICES, n=1, cutoff=0.4) or CHOICES[:1]
        raise SettingsError(
            f"--shots {spec}: there is no such shot detection; did you mean {near[0]}? "
            f"Choose from {', '.join(CHOICES)}"
        )
    if kind == "auto":
        return "transnet" if device.startswith("cuda") else "adaptive"
    return kind


def make_segmenter(spec: str, *, video: Path, device: str) -> Segmenter:
    """Make the shot detection for one video; networks load when the first frames come.

    Args:
        spec: one of `CHOICES`, filled in.
        video: the file; `given` looks up its cuts by its name.
        device: where networks run: `cpu`, `cuda` or `cuda:N`.

    Raises:
        SettingsError: as in `segmenter_name`; or `given` has no table for the video, or a bad one.
    """
    kind, _, option = segmenter_name(spec, device).partition(":")
    if kind == "fixed":
        from indexer.segmenters.fixed import FixedSegmenter

        return FixedSegmenter(float(option))
    if kind == "given":
        from indexer.segmenters.given import GivenSegmenter, read_starts

        return GivenSegmenter(read_starts(Path(option), video), exact=False)
    from indexer.segmenters.takes import TakeSegmenter

    return TakeSegmenter(_make_detector(kind, device))


def _make_detector(kind: str, device: str) -> Segmenter:
    if kind == "transnet":
        from indexer.segmenters.transnet import TransNetSegmenter

        return TransNetSegmenter(device)
    from indexer.segmenters.pyscene import PySceneSegmenter

    return PySceneSegmenter(kind)


def _read_seconds(spec: str, option: str) -> float:
    try:
        seconds = float(option)
    except ValueError:
        seconds = 0.0
    if not 0.1 <= seconds < float("inf"):
        raise SettingsError(f"--shots {spec}: give seconds, at least 0.1, as in fixed:5")
    return seconds


def _find_folder(spec: str, option: str) -> Path:
    folder = Path(option)
    if not option or not folder.is_dir():
        raise SettingsError(f"--shots {spec}: no such folder; it holds a VIDEO.tsv for each video")
    return folder.resolve()


def _table_mark(folder: Path, video: Path) -> str:
    """Changes with the video's table; nothing where there is none, which reading will tell."""
    from indexer.segmenters.given import find_table

    try:
        return (
            f"#{hashlib.blake2b(find_table(folder, video).read_bytes(), digest_size=4).hexdigest()}"
        )
    except (SettingsError, OSError):
        return ""
