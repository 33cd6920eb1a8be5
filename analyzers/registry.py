"""Which analyzers there are, and which of them a command asks for.

Names stand for `module:Class`; nothing is imported before it is chosen. Other packages add theirs
through the entry-point group `shotseek.analyzers`, whose values are classes or factories, called
with `device=`, `encoder=` (the first of the command) and the fields of `Choices` where they take
them, else with nothing. A class or
factory may say of itself

    slow_on: frozenset[str]   devices ("cpu") on which it is no default
    personal: bool            it tells persons apart: only ever by name

Knows nothing of how an analyzer works, of videos or collections.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from inspect import getattr_static, signature
from typing import Any, TypeAlias

from analyzers.analyzer import Analyzer
from analyzers.device import pick_device
from analyzers.embed import EmbedAnalyzer, NeedsWeights
from analyzers.encoder import Encoder
from analyzers.error import LibraryMissing, SettingsError
from analyzers.profiles import get_profile, suggest

GROUP = "shotseek.analyzers"
EMBED = "embed"  # stands for all encoders of the profile, or those given by --encoder
TOY = "toy"
ENCODER = "encoder"

Factory: TypeAlias = Callable[..., Analyzer]


@dataclass(frozen=True)
class Registered:
    """A name, what it stands for, and the distribution it comes with."""

    name: str
    target: str  # "module:Class"
    origin: str = "shotseek"

    def load(self) -> Factory:
        """Import the class or factory.

        Raises:
            LibraryMissing: something that it imports is not installed.
            SettingsError: it cannot be imported.
        """
        try:
            module, _, attribute = self.target.partition(":")
            factory: Factory = getattr(import_module(module), attribute)
        except ModuleNotFoundError as error:
            raise LibraryMissing(f"{self._trouble}: {error}{self._remedy}") from error
        except Exception as error:  # whatever the code of others does when it is imported
            raise SettingsError(f"{self._trouble}: {error!r}{self._remedy}") from error
        return factory

    @property
    def _trouble(self) -> str:
        return f"the analyzer {self.name} of {self.origin} cannot be imported"

    @property
    def _remedy(self) -> str:
        cure = f"mend or uninstall {self.origin}"
        if self.origin == "shotseek":
            cure = "pip install 'shotseek[index]'"
        return f"; {cure}, or leave it out: --analyzers=-{self.name}"


_BUILT_IN = (
    Registered("colours", "analyzers.colours:ColoursAnalyzer"),
    Registered("ocr", "analyzers.ocr:OcrAnalyzer"),
    Registered("subtitles", "analyzers.subtitles:SubtitlesAnalyzer"),
    Registered("container", "analyzers.container:ContainerAnalyzer"),
    Registered("faces", "analyzers.faces:make_faces"),
    Registered("persons", "analyzers.persons:make_persons"),
    Registered("objects", "analyzers.objects:make_objects"),
    Registered("composition", "analyzers.composition:make_composition"),
    Registered("actions", "analyzers.actions:make_actions"),
)


@dataclass(frozen=True)
class Choices:
    """What a command says of single analyzers; None leaves it to the profile or the analyzer."""

    face_detector: str | None = None
    face_embedder: str | None = None
    face_fps: float | None = None
    detector: str | None = None
    object_fps: float | None = None
    action_model: str | None = None


def find_analyzers() -> tuple[Registered, ...]:
    """All but the encoders: our own first, then those of other packages by name.

    Raises:
        SettingsError: two of them have one name.
    """
    others = [_register(point) for point in entry_points(group=GROUP)]
    found = (*_BUILT_IN, *sorted(others, key=lambda one: one.name))
    owners: dict[str, str] = {EMBED: "shotseek", TOY: "shotseek"}
    for one in found:
        if one.name in owners:
            owner = owners[one.name]
            raise SettingsError(f"both {owner} and {one.origin} have an analyzer {one.name!r}")
        owners[one.name] = one.origin
    return found


def make_encoder(spec: str, device: str = "cpu") -> Encoder:
    """The encoder that `spec` names: `toy`, ARCH:TAG, ARCH:FILE or local-dir:DIR.

    The device is `auto`, `cpu` or `cuda`.

    Raises:
        SettingsError: it names none.
        ModelUnavailable: it names a file or folder that is not there.
    """
    if spec == TOY:
        from analyzers.toy import ToyEncoder

        return ToyEncoder()
    from analyzers.openclip import OpenClipEncoder

    return OpenClipEncoder(spec, pick_device(device))


def make_analyzers(
    selection: str | None,
    profile: str,
    encoders: Sequence[str] = (),
    device: str = "cpu",
    choices: Choices | None = None,
) -> list[Analyzer]:
    """The analyzers that are asked for, each after those whose findings it needs.

    `selection` is `a,b` for just these, `+a,-b` to change the default, `all` (without personal
    ones) or `none`; None or "" is the default: all that are neither personal nor slow on this
    device. `embed` stands for the encoders: those given, else the profile's.

    Raises:
        SettingsError: a name is unknown (the message has the nearest), or needs go in a circle.
        LibraryMissing: an analyzer that was chosen needs a library.
    """
    named = get_profile(profile)  # a wrong name is refused even where others are given
    told = {
        "face_detector": named.face_detector,
        "face_embedder": named.face_embedder,
        "detector": named.detector,
        "action_model": named.action_model,
        **{key: value for key, value in asdict(choices or Choices()).items() if value is not None},
    }
    shelf = _Shelf(encoders or named.encoders, device, told)
    return _choose(selection or "", shelf)


def ensure_available(analyzers: Iterable[Analyzer]) -> None:
    """Make sure before any work that all weights are here, fetching what is not.

    Raises:
        ModelUnavailable: some cannot be had.
    """
    for analyzer in analyzers:
        if isinstance(analyzer, NeedsWeights):
            analyzer.ensure_available()


class _Shelf:
    """What can be chosen in one command; each analyzer is made when it is first asked for."""

    def __init__(self, specs: Sequence[str], device: str, told: Mapping[str, Any]) -> None:
        self._device = device
        self._told = {"device": device, **told}
        self._registered = {one.name: one for one in find_analyzers()}
        encoders = [_embed(spec, device) for spec in specs]
        self._encoder = encoders[0].encoder  # one for all that need one: they take turns
        self._made: dict[str, Analyzer] = {one.name: one for one in encoders}
        self._factories: dict[str, Factory] = {}
        self.embedders = tuple(self._made)

    @property
    def names(self) -> tuple[str, ...]:
        """What runs if it is not kept away: the encoders and everything registered."""
        return (*self.embedders, *self._registered)

    def expand(self, name: str) -> tuple[str, ...]:
        """The analyzers that a name stands for.

        Raises:
            SettingsError: none.
        """
        if name == EMBED:
            return self.embedders
        if name in self.names or name == TOY:
            return (name,)
        known = {*self.names, EMBED, TOY}
        raise SettingsError(f"no analyzer {name!r}{suggest(name, known)}")

    def get(self, name: str) -> Analyzer:
        """The analyzer of this name, made once."""
        if name not in self._made:
            self._made[name] = _embed(TOY, self._device) if name == TOY else self._make(name)
        return self._made[name]

    def is_kept_away(self, name: str, *, slow: bool) -> bool:
        """Whether it, or one it needs, is personal; with `slow`, also if slow on this device."""
        return any(
            self._says(one.name, "personal", False)
            or (slow and self._device in self._says(one.name, "slow_on", frozenset()))
            for one in self.put_in_order([name])
        )

    def put_in_order(self, names: Iterable[str]) -> list[Analyzer]:
        """Those named and those that they need, each after what it needs.

        Raises:
            SettingsError: one needs itself, by way of others, or something that is not there.
        """
        ordered: dict[str, Analyzer] = {}
        for name in names:
            self._visit(name, (), ordered)
        return list(ordered.values())

    def _visit(self, name: str, path: tuple[str, ...], ordered: dict[str, Analyzer]) -> None:
        if name in ordered:
            return
        if name in path:
            circle = " > ".join((*path[path.index(name) :], name))
            raise SettingsError(f"analyzers need each other in a circle: {circle}")
        analyzer = self.get(name)
        for need in analyzer.needs:
            try:
                needed = self.expand(need)
            except SettingsError as error:
                raise SettingsError(f"the analyzer {name} needs {need!r}: {error}") from error
            for one in needed:
                self._visit(one, (*path, name), ordered)
        ordered[name] = analyzer

    def _make(self, name: str) -> Analyzer:
        registered = self._registered[name]
        factory = self._factories[name] = registered.load()
        takes = signature(factory).parameters
        given = {key: said for key, said in self._told.items() if key in takes}
        if ENCODER in takes:
            given[ENCODER] = self._encoder
        analyzer = factory(**given)
        if not _has_parts(analyzer) or analyzer.name != name:
            raise SettingsError(
                f"{registered.target} of {registered.origin} makes no analyzer named {name!r}: "
                "see analyzers/analyzer.py"
            )
        return analyzer

    def _says(self, name: str, attribute: str, default: Any) -> Any:
        factory = self._factories.get(name)
        return getattr(self._made[name], attribute, getattr(factory, attribute, default))


def _has_parts(made: object) -> bool:
    """Whether it has the shape of an analyzer; asks for no value, since a version may read weights.

    `isinstance` of a protocol asks for them all until Python 3.12.
    """
    parts = ("name", "version", "scope", "wants", "needs", "analyze")
    return all(getattr_static(made, part, None) is not None for part in parts)


def _choose(selection: str, shelf: _Shelf) -> list[Analyzer]:
    words = [word for word in (part.strip() for part in selection.split(",")) if word]
    if words == ["none"]:
        return []
    if words == ["all"]:
        return shelf.put_in_order(n for n in shelf.names if not shelf.is_kept_away(n, slow=False))
    signed = [word[0] in "+-" for word in words]
    alone = {"all", "none"}.intersection(word.lstrip("+-") for word in words)
    if alone or len(set(signed)) > 1:
        raise SettingsError(f"--analyzers {selection}: give a,b or +a,-b, or all or none alone")
    if words and not signed[0]:
        return shelf.put_in_order(name for word in words for name in shelf.expand(word))
    return _change_default(words, shelf)


def _change_default(words: Sequence[str], shelf: _Shelf) -> list[Analyzer]:
    added = [name for word in words if word[0] == "+" for name in shelf.expand(word[1:])]
    removed = {name for word in words if word[0] == "-" for name in shelf.expand(word[1:])}
    wanted = [name for name in shelf.names if name not in removed]  # what is removed stays unread
    default = [name for name in wanted if not shelf.is_kept_away(name, slow=True)]
    chosen = shelf.put_in_order(name for name in (*default, *added) if name not in removed)
    for analyzer in chosen:
        for need in analyzer.needs:
            if removed.intersection(shelf.expand(need)):
                raise SettingsError(
                    f"--analyzers -{need}: {analyzer.name} needs it; leave that out too"
                )
    return chosen


def _register(point: EntryPoint) -> Registered:
    origin = point.dist.name if point.dist else point.module
    return Registered(point.name, point.value, origin)


def _embed(spec: str, device: str) -> EmbedAnalyzer:
    encoder = make_encoder(spec, device)
    name = spec if spec == TOY else f"{EMBED}:{encoder.space.name}"
    return EmbedAnalyzer(encoder, name)
