"""The whole state of the page, as one frozen value that stands in the address bar.

Address in -> state -> widgets; a changed widget -> address out. Knows no Streamlit, no API.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

Group = Literal["none", "video"]
Sort = Literal["score", "time"]
Extension = Literal["capped", "published", "off"]
Pair = tuple[str, str]

STEPS = (60, 120, 240, 480, 1000)  # hits on the page; the API gives at most 1000
MOST_STAGES, MOST_FILTERS, MOST_FACES, MOST_PAGES = 4, 40, 16, 10_000
LONGEST_TEXT, LONGEST_FILTER = 2000, 500
LATEST_MS = 10**10

_SECONDS = re.compile(r"\d{1,6}(\.\d{1,3})?")
_PICTURE = re.compile(r"[0-9a-f]{8,64}")
_SHOT = re.compile(r"[0-9A-Za-z_-]{1,80}@\d{1,10}")
_PERSON = re.compile(r"[0-9A-Za-z_-]{1,80}")
_COSINE = re.compile(r"[01]?\.[0-9]{1,20}|1")
_LIKE = re.compile(r"[^\x00-\x1f]{1,900}@[\d:.]{1,16}")


@dataclass(frozen=True)
class State:
    """What is asked, how it is listed, and where one looks.

    Attributes:
        text: what the picture shows; "" for nothing.
        then: what follows, in words, stage by stage.
        within: in how many seconds it follows, as typed; "" for the API's own measure.
        where: filters, each KEY=VALUE.
        picture: id of a query picture that the API keeps; "" for none.
        like: VIDEO_ID@SECONDS, a moment to find the like of; "" for none.
        group: how hits stand together.
        sort: their order.
        distinct: cosine from which on hits look the same and are folded; None folds none.
        k: hits on the page.
        shot: id of the shot that is looked at, or was last; "" for none.
        time_ms: where to play in the video; None for the shot's own moment.
        name: what names of videos or persons contain, on the screens that list them.
        person: id of the person, or of the cluster of faces, that is looked at; "" for none.
        hidden: whether hidden persons are listed too.
        faces: ids of pictures of one person's face that the API keeps.
        identity: of does=PERSON: ACTION, whether it has to be the person whose face is seen.
        gaps: of the same, whether gaps within a shot are filled in.
        extension: of the same, how shots are lifted by better ones near them.
        page: of the persons, or of the faces of one, that are listed; from 1.
    """

    text: str = ""
    then: tuple[str, ...] = ()
    within: str = ""
    where: tuple[str, ...] = ()
    picture: str = ""
    like: str = ""
    group: Group = "none"
    sort: Sort = "score"
    distinct: float | None = None
    k: int = STEPS[0]
    shot: str = ""
    time_ms: int | None = None
    name: str = ""
    person: str = ""
    hidden: bool = False
    faces: tuple[str, ...] = ()
    identity: bool = True
    gaps: bool = True
    extension: Extension = "capped"
    page: int = 1

    @property
    def asks(self) -> bool:
        """Whether there is anything to search for."""
        return bool(self.text or self.where or self.picture or self.like or self.faces)

    def ask(self, **changes: object) -> "State":
        """Another question: what is changed, from the first hits on, with no shot chosen."""
        kept = {"k": STEPS[0], "shot": "", "time_ms": None}
        return replace(self, **{**kept, **changes})  # type: ignore[arg-type]

    def look(self, shot: str, time_ms: int | None = None) -> "State":
        """The same question, at a shot."""
        return replace(self, shot=shot, time_ms=time_ms)

    def more(self) -> "State":
        """The same question, with more hits."""
        return replace(self, k=next((step for step in STEPS if step > self.k), STEPS[-1]))


@dataclass(frozen=True)
class ReadState:
    """A state out of an address, and what of the address was left out."""

    state: State
    notes: tuple[str, ...] = ()


def read_state(pairs: Iterable[Pair]) -> ReadState:
    """The state that an address names; what cannot be used is left out with a note."""
    given: dict[str, list[str]] = {}
    for key, value in pairs:
        given.setdefault(key, []).append(_clean(value))
    notes: list[str] = []
    readers: dict[str, Callable[[], object]] = {
        "text": lambda: _text(given, "text", LONGEST_TEXT, notes),
        "then": lambda: _texts(given, "then", MOST_STAGES, LONGEST_TEXT, notes),
        "within": lambda: _matching(given, "within", _SECONDS, notes),
        "where": lambda: _texts(given, "where", MOST_FILTERS, LONGEST_FILTER, notes),
        "picture": lambda: _matching(given, "picture", _PICTURE, notes),
        "like": lambda: _matching(given, "like", _LIKE, notes),
        "group": lambda: _choice(given, "group", get_args(Group), notes),
        "sort": lambda: _choice(given, "sort", get_args(Sort), notes),
        "distinct": lambda: _cosine(given, "distinct", notes),
        "k": lambda: _number(given, "k", (1, STEPS[-1]), notes),
        "shot": lambda: _matching(given, "id", _SHOT, notes),
        "time_ms": lambda: _number(given, "t", (0, LATEST_MS), notes),
        "name": lambda: _text(given, "name", LONGEST_FILTER, notes),
        "person": lambda: _matching(given, "person", _PERSON, notes),
        "hidden": lambda: _choice(given, "hidden", ("yes",), notes) and True,
        "faces": lambda: _pictures(given, "face", notes),
        "identity": lambda: _choice(given, "identity", ("no",), notes) and False,
        "gaps": lambda: _choice(given, "gaps", ("no",), notes) and False,
        "extension": lambda: _choice(given, "extension", get_args(Extension), notes),
        "page": lambda: _number(given, "page", (1, MOST_PAGES), notes),
    }
    values = {name: reader() for name, reader in readers.items()}
    found = {name: value for name, value in values.items() if value is not None}
    return ReadState(State(**found), tuple(notes))  # type: ignore[arg-type]


def write_state(state: State) -> tuple[Pair, ...]:
    """The address's parameters, in one order; what is as always is left out."""
    plain = State()
    singles = (
        ("text", state.text, plain.text),
        ("within", state.within, plain.within),
        ("picture", state.picture, plain.picture),
        ("like", state.like, plain.like),
        ("group", state.group, plain.group),
        ("sort", state.sort, plain.sort),
        ("distinct", state.distinct, plain.distinct),
        ("k", state.k, plain.k),
        ("id", state.shot, plain.shot),
        ("t", state.time_ms, plain.time_ms),
        ("name", state.name, plain.name),
        ("person", state.person, plain.person),
        ("hidden", "yes" if state.hidden else "", ""),
        ("identity", "" if state.identity else "no", ""),
        ("gaps", "" if state.gaps else "no", ""),
        ("extension", state.extension, plain.extension),
        ("page", state.page, plain.page),
    )
    pairs = [(key, str(value)) for key, value, usual in singles if value != usual]
    pairs += [("then", stage) for stage in state.then]
    pairs += [("where", one) for one in state.where]
    pairs += [("face", id) for id in state.faces]
    return tuple(pairs)


def _clean(value: str) -> str:
    """Without what no address or label can hold: lone surrogates and control characters."""
    kept = (" " if ord(sign) < 32 or ord(sign) == 127 else sign for sign in value)
    return "".join(kept).encode("utf-8", "ignore").decode().strip()


def _text(given: dict[str, list[str]], key: str, most: int, notes: list[str]) -> str | None:
    value = given.get(key, [""])[-1]
    if len(value) > most:
        notes.append(f"{key} was cut after {most} characters")
    return value[:most].strip() or None


def _texts(
    given: dict[str, list[str]], key: str, count: int, most: int, notes: list[str]
) -> tuple[str, ...] | None:
    values = list(filter(None, given.get(key, [])))
    kept = [value for value in values if len(value) <= most][:count]
    if len(kept) < len(values):
        notes.append(f"{len(values) - len(kept)} of {len(values)} {key} in the address left out")
    return tuple(kept) or None


def _pictures(given: dict[str, list[str]], key: str, notes: list[str]) -> tuple[str, ...] | None:
    values = list(dict.fromkeys(filter(None, given.get(key, []))))
    kept = [value for value in values if _PICTURE.fullmatch(value)][:MOST_FACES]
    if len(kept) < len(values):
        notes.append(f"{len(values) - len(kept)} of {len(values)} {key} in the address left out")
    return tuple(kept) or None


def _matching(
    given: dict[str, list[str]], key: str, form: re.Pattern[str], notes: list[str]
) -> str | None:
    value = given.get(key, [""])[-1]
    if value and not form.fullmatch(value):
        such = ": it is a number of seconds, such as 5" if key == "within" else ""
        notes.append(f"{key} {_short(value)} cannot be read and is left out{such}")
        return None
    return value or None


def _short(value: str) -> str:
    return value if len(value) <= 40 else f"{value[:39]}\u2026"


def _choice(
    given: dict[str, list[str]], key: str, choices: Sequence[str], notes: list[str]
) -> str | None:
    value = given.get(key, [""])[-1]
    if value and value not in choices:
        notes.append(f"{key} in the address is none of {', '.join(choices)}")
        return None
    return value or None


def _cosine(given: dict[str, list[str]], key: str, notes: list[str]) -> float | None:
    value = given.get(key, [""])[-1]
    if value and not (_COSINE.fullmatch(value) and 0.5 < float(value) <= 1):
        such = "it is a cosine above 0.5 and at most 1, such as 0.95"
        notes.append(f"{key} {_short(value)} cannot be used and is left out: {such}")
        return None
    return float(value) if value else None


def _number(
    given: dict[str, list[str]], key: str, limits: tuple[int, int], notes: list[str]
) -> int | None:
    value = given.get(key, [""])[-1]
    if not value:
        return None
    if not (value.isascii() and value.isdecimal() and len(value) <= 12):
        notes.append(f"{key} in the address is no number")
        return None
    return min(max(int(value), limits[0]), limits[1])
