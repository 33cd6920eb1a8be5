"""What the container of a video says of it: title, descriptions, rates, formats, camera, date.

Width, height, duration, date and size are columns of the video itself and are searched there, so
they are no Measures here; `find_creation_ms` serves whoever fills the date. Knows nothing of files:
it is handed what was read from one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from math import isfinite
from urllib.parse import unquote

from analyzers.analyzer import Scope, Wants
from analyzers.clip import Clip, Container
from analyzers.finding import Finding, Label, Measure, Words, WordsKind

APPLE = "com.apple.quicktime."
TITLE_TAGS = ("title", f"{APPLE}title", f"{APPLE}displayname")
TEXT_TAGS = (  # told after the title, in this order
    "show", "album", "artist", f"{APPLE}artist", "album_artist", "author", f"{APPLE}author",
    "director", "performer", "description", f"{APPLE}description", "synopsis", "summary",
    "comment", f"{APPLE}comment", "keywords", f"{APPLE}keywords", "genre",
)  # fmt: skip
DATE_TAGS = (f"{APPLE}creationdate", "creation_time", "date_recorded", "date", "year")
MAKE_TAGS = (f"{APPLE}make", "com.android.manufacturer", "make", "manufacturer")
MODEL_TAGS = (f"{APPLE}model", "com.android.model", "model")
LONGEST_TEXT = 2000  # characters of one tag that are told
TAG_LANGUAGE = re.compile(r"-[a-z]{3}$")  # `title-eng`
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NO_DATES = frozenset({EPOCH, datetime(1904, 1, 1, tzinfo=UTC)})  # clocks that were never set
CODECS = {  # names of decoders to those of what they decode
    "libdav1d": "av1", "libaom-av1": "av1", "libvpx": "vp8", "libvpx-vp9": "vp9",
}  # fmt: skip
FORMATS = {"m4v": "mp4", "mkv": "matroska", "qt": "mov"}  # suffixes that are no name of a format


class ContainerAnalyzer:
    """Words of the kind `title`, Measures and Labels, all of the whole video.

    Words: the title, or the file's name made readable where there is none; then descriptive tags.
    Measures: `fps` (1/s) and `bit_rate` (bit/s). Labels: `container/mp4`, `codec/h264`,
    `camera/Apple iPhone 12`.
    """

    name = "container"
    version = "1"
    scope = Scope.VIDEO
    wants = Wants(container=True)
    needs: tuple[str, ...] = ()
    slow_on: frozenset[str] = frozenset()

    def __init__(self, *, device: str = "cpu") -> None:
        """Make one; the device makes no difference."""

    def analyze(self, clips: Sequence[Clip]) -> list[list[Finding]]:
        """Tell what each video's container says."""
        return [_find_all(clip, clip.container) if clip.container else [] for clip in clips]


def find_title(container: Container) -> str:
    """The title tag; without one the file's name, as `flipping a pancake`; may be empty."""
    title = _first(_tags(container), TITLE_TAGS)
    stem = container.name.rpartition(".")[0] or container.name
    return title or " ".join(re.sub(r"[\s._-]+", " ", unquote(stem)).split())


def find_creation_ms(container: Container) -> int | None:
    """When the video was made, by its tags, in ms since 1970 (UTC); None where no tag tells.

    A date without a zone is taken as UTC, a year or month as its first day.
    """
    tags = _tags(container)
    dates = (_parse_date(tags[name]) for name in DATE_TAGS if name in tags)
    found = next((date for date in dates if date and date not in NO_DATES), None)
    return (found - EPOCH) // timedelta(milliseconds=1) if found else None


def find_format(container: Container) -> str:
    """One name of the format: by the file's suffix where the demuxer serves several formats."""
    names = container.format.split(",")
    suffix = container.name.rpartition(".")[2].lower()
    suffix = FORMATS.get(suffix, suffix)
    return suffix if suffix in names else names[0]


def find_camera(container: Container) -> str:
    """Make and model of the camera, as `Apple iPhone 12`; empty where no tag tells."""
    tags = _tags(container)
    make, model = _first(tags, MAKE_TAGS), _first(tags, MODEL_TAGS)
    if model.casefold().startswith(make.casefold()):
        return model
    return f"{make} {model}".strip()


def _find_all(clip: Clip, container: Container) -> list[Finding]:
    span = (clip.start_ms, clip.end_ms)
    words = [Words(*span, WordsKind.TITLE, text) for text in _find_texts(container)]
    rates = _find_rates(container)
    measures = [Measure(*span, name, value, unit) for name, value, unit in rates]
    names = {
        "container": find_format(container),
        "codec": CODECS.get(container.codec, container.codec),
        "camera": find_camera(container),
    }
    labels = [Label(*span, vocabulary, name) for vocabulary, name in names.items() if name]
    return [*words, *measures, *labels]


def _find_texts(container: Container) -> Iterator[str]:
    """The title and the descriptive tags, each text once."""
    tags = _tags(container)
    told: set[str] = set()
    for text in (find_title(container), *(tags.get(name, "") for name in TEXT_TAGS)):
        if text and text.casefold() not in told:
            told.add(text.casefold())
            yield text


def _find_rates(container: Container) -> Iterator[tuple[str, float, str]]:
    """Names, values and units of what is known."""
    if isfinite(container.fps) and container.fps > 0:
        yield "fps", float(container.fps), "1/s"
    bit_rate = float(container.bit_rate)
    if not bit_rate and container.duration_ms:
        bit_rate = container.size_bytes * 8000 / container.duration_ms
    if bit_rate > 0:
        yield "bit_rate", bit_rate, "bit/s"


def _tags(container: Container) -> dict[str, str]:
    """Tags that say something, by name without a language; the first of a name counts."""
    tags: dict[str, str] = {}
    for key, value in container.tags:
        text = " ".join(value.replace("\0", " ").split())[:LONGEST_TEXT]
        if text:
            tags.setdefault(TAG_LANGUAGE.sub("", key), text)
    return tags


def _first(tags: Mapping[str, str], names: Sequence[str]) -> str:
    return next((tags[name] for name in names if name in tags), "")


def _parse_date(text: str) -> datetime | None:
    """A date as containers write it: ISO 8601, its first part alone, or with other separators."""
    text = re.sub(r"^(\d{4})[:/.](\d{2})[:/.](\d{2})", r"\1-\2-\3", text)
    if re.fullmatch(r"\d{4}(-\d{2})?", text):
        text = f"{text}-01-01"[:10]
    try:
        date = datetime.fromisoformat(text)
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
