"""Subtitles, from streams of the container and from files beside the video (.srt, .vtt).

Files are read leniently: what can be understood is taken, the rest is left out. Rules of WebVTT are
those of https://www.w3.org/TR/webvtt1/ (2019); SubRip has no standard, its times are WebVTT's with
a comma.

Knows nothing of files and encodings: it is handed text.
"""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from analyzers.analyzer import Scope, Wants
from analyzers.clip import Clip, Cue, SideCar
from analyzers.finding import Finding, Words, WordsKind

TIME = r"(-?)(?:(\d{1,6}):)?(\d{1,4}):(\d{1,2})(?:[.,:](\d{1,9}))?"
TIMING = re.compile(rf"^\s*{TIME}\s*-->\s*{TIME}(?:\s.*)?$")
NO_CUE = re.compile(r"^(?:NOTE|STYLE|REGION)(?:\s|$)")  # the first line of blocks of WebVTT
TAG = re.compile(r"</?[A-Za-z][^<>]*>|<[\d:.]+>|\{\\[^{}]*\}|\{/?[A-Za-z](?::[^{}]*)?\}")
ASS_SPACE = re.compile(r"\\[Nh]")
UNSEEN = re.compile(r"[\u00ad\u200b\u200e\u200f\ufeff]")
LINE_END = re.compile(r"\r\n|\r|\n")
LANGUAGE = re.compile(r"^([A-Za-z]{2,3})(?:[-_]([A-Za-z0-9]{2,8}(?:[-_][A-Za-z0-9]{2,8})*))?$")
NOT_LANGUAGES = frozenset({"und", "mul", "mis", "zxx", "sdh", "cc", "srt", "vtt", "sub"})
SHORTER = {  # ISO 639-2, as containers have it, to the two letters that BCP 47 asks for
    "ara": "ar", "bul": "bg", "cat": "ca", "ces": "cs", "chi": "zh", "cze": "cs", "dan": "da",
    "deu": "de", "dut": "nl", "ell": "el", "eng": "en", "est": "et", "fas": "fa", "fin": "fi",
    "fra": "fr", "fre": "fr", "ger": "de", "gre": "el", "heb": "he", "hin": "hi", "hrv": "hr",
    "hun": "hu", "ind": "id", "ita": "it", "jpn": "ja", "kor": "ko", "lav": "lv", "lit": "lt",
    "nld": "nl", "nor": "no", "per": "fa", "pol": "pl", "por": "pt", "ron": "ro", "rum": "ro",
    "rus": "ru", "slk": "sk", "slo": "sk", "slv": "sl", "spa": "es", "srp": "sr", "swe": "sv",
    "tha": "th", "tur": "tr", "ukr": "uk", "vie": "vi", "zho": "zh",
}  # fmt: skip


class SubtitlesAnalyzer:
    """Words of the kind `subtitle`, one for each cue, in order of time.

    A cue is cut to the clip; one with nothing left is dropped. Cues of the same text and (as far as
    known) language that overlap in time, as those of a stream and of its side-car do, become one.
    """

    name = "subtitles"
    version = "1"
    scope = Scope.VIDEO
    wants = Wants(subtitles=True, container=True)  # the file's name tells a side-car's language
    needs: tuple[str, ...] = ()
    slow_on: frozenset[str] = frozenset()

    def __init__(self, *, device: str = "cpu") -> None:
        """Make one; the device makes no difference."""

    def analyze(self, clips: Sequence[Clip]) -> list[list[Finding]]:
        """Say the cues of each video."""
        return [_find_words(clip) for clip in clips]


def parse_cues(text: str) -> list[Cue]:
    """The cues of a SubRip or WebVTT file in its own order, markup left out.

    Blocks that are not understood are skipped. Start and end given the wrong way round are swapped;
    negative times are kept.
    """
    cues: list[Cue] = []
    block: list[str] = []
    for line in [*LINE_END.split(text.lstrip("\ufeff")), ""]:
        if line.strip():
            block.append(line)
            continue
        cues += _parse_block(block)
        block = []
    return cues


def find_language(name: str, video: str | None = None) -> str | None:
    """The language (BCP 47) in the name of a side-car, as in `film.en.vtt` beside `film.mp4`."""
    stem = video.rsplit(".", 1)[0] + "." if video else ""
    rest = name.removeprefix(stem) if stem and name.startswith(stem) else name.partition(".")[2]
    found = (normalise_language(part) for part in rest.split(".")[:-1])
    return next((language for language in found if language), None)


def normalise_language(tag: str | None) -> str | None:
    """`eng` -> `en`, `pt_br` -> `pt-BR`, `zh-hans` -> `zh-Hans`; None for what is no language."""
    match = LANGUAGE.match(tag or "")
    if match is None or match[1].lower() in NOT_LANGUAGES:
        return None
    language = match[1].lower()
    parts = re.split("[-_]", match[2]) if match[2] else []
    cased = {2: str.upper, 4: str.title}
    rest = [cased.get(len(part), str.lower)(part) for part in parts]
    return "-".join([SHORTER.get(language, language), *rest])


def plain_text(text: str) -> str:
    """One line without tags, entities and marks that nobody sees."""
    text = ASS_SPACE.sub(" ", html.unescape(TAG.sub("", text)))
    return " ".join(UNSEEN.sub("", text).split())


def _parse_block(block: Sequence[str]) -> Iterator[Cue]:
    """The cues between two empty lines: one, or more where an empty line is missing."""
    if not block or NO_CUE.match(block[0]):
        return
    timings = {i: match for i, line in enumerate(block) if (match := TIMING.match(line))}
    for start, following in pairwise([*timings, len(block)]):
        lines = block[start + 1 : following]
        if following < len(block) and lines and lines[-1].strip().isdigit():
            lines = lines[:-1]  # the number of the next cue
        parts = timings[start].groups()
        start_ms, end_ms = sorted((_to_ms(parts[:5]), _to_ms(parts[5:])))
        yield Cue(start_ms, end_ms, "\n".join(lines))


def _to_ms(parts: Sequence[str | None]) -> int:
    """Sign, hours, minutes, seconds and their fraction, as written, in ms."""
    sign, hours, minutes, seconds, fraction = (part or "" for part in parts)
    ms = ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000
    ms += int((fraction + "000")[:3])
    return -ms if sign else ms


def _find_words(clip: Clip) -> list[Finding]:
    video = clip.container.name if clip.container else None
    spoken: dict[str, list[Words]] = {}  # by text, case ignored
    for cue, language in _gather(clip.cues, clip.side_cars, video):
        start_ms, end_ms = max(cue.start_ms, clip.start_ms), min(cue.end_ms, clip.end_ms)
        text = plain_text(cue.text)
        if text and start_ms < end_ms:
            words = Words(start_ms, end_ms, WordsKind.SUBTITLE, text, language=language)
            spoken.setdefault(text.casefold(), []).append(words)
    found = [words for same in spoken.values() for words in _merge(same)]
    return [*sorted(found, key=lambda words: (words.start_ms, words.end_ms))]


def _gather(
    cues: Sequence[Cue], side_cars: Sequence[SideCar], video: str | None
) -> Iterator[tuple[Cue, str | None]]:
    """All cues with their languages, those of streams first."""
    for cue in cues:
        yield cue, normalise_language(cue.language)
    for side_car in side_cars:
        language = find_language(side_car.name, video)
        for cue in parse_cues(side_car.text):
            yield cue, language


def _merge(same: Sequence[Words]) -> list[Words]:
    """Words of one text with those that overlap in time made one, unless languages differ."""
    done: list[Words] = []
    open_: list[Words] = []  # those that may still overlap
    for words in sorted(same, key=lambda words: words.start_ms):
        done += [other for other in open_ if other.end_ms <= words.start_ms]
        open_ = [other for other in open_ if other.end_ms > words.start_ms]
        for i, other in enumerate(open_):
            language = other.language or words.language
            if words.language in (None, language):
                end_ms = max(other.end_ms, words.end_ms)
                open_[i] = replace(other, end_ms=end_ms, language=language)
                break
        else:
            open_.append(words)
    return done + open_
