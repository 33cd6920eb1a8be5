"""What people do: `action/carrying a bag`, `kinetics400/juggling balls`, `interaction/with cup`.

Looks at the persons that `objects` has found, in the same pictures. A vector of each person's crop
in the space of texts and pictures lets any action be asked in words. Knows nothing of who a person
is, nor of which actions there are: names are the model's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from analyzers.action_model import ActionModel, CropForm, Pixels, SeenPerson
from analyzers.action_models import PROMPTS, make_action_model
from analyzers.analyzer import Scope, Wants
from analyzers.clip import Clip, Picture
from analyzers.embed import NeedsWeights
from analyzers.encoder import Encoder, Space
from analyzers.finding import Box, Embedding, Finding, Label
from analyzers.interactions import VOCABULARY, Interaction, find_interactions
from analyzers.objects import FRAMES_PX
from analyzers.profiles import DEFAULT_PROFILE, get_profile

PERSON = ("coco", "person")
ENCODED = CropForm(224)  # what an encoder is shown of a person
BATCH = 32  # persons looked at together
MOST_TOLD = 3  # actions of one person in one picture, the surest
GREY = 114  # beyond the picture's border
Vector = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class _Person:
    """One person in one picture of a clip."""

    clip: int
    said: Label
    picture: Picture
    things: tuple[Interaction, ...]  # within reach


Window: TypeAlias = list[tuple[_Person, SeenPerson]]


@dataclass(eq=False)
class _Windows:
    """Pictures of each track, gathered until there are as many as the model is shown together."""

    size: int
    _open: dict[tuple[int, str], Window] = field(default_factory=dict)

    def add(self, person: _Person, seen: SeenPerson) -> Iterator[Window]:
        """What is complete by that."""
        key = person.clip, person.said.track or f"{person.said.start_ms} {person.said.box}"
        gathered = self._open.setdefault(key, [])
        gathered.append((person, seen))
        if len(gathered) >= self.size:
            yield self._open.pop(key)

    def finish(self, before: int) -> Iterator[Window]:
        """What will not grow any more, as all clips before that one have been seen."""
        for key in [key for key in self._open if key[0] < before]:
            yield self._open.pop(key)


class ActionsAnalyzer:
    """For each person in a picture an Embedding and the surest actions, with the person's box.

    Things within reach give a Label `interaction/with THING` and an Embedding of both together; the
    box of either is the person's. All have the person's track and the span of the picture.

    Args:
        encoder: of texts and pictures.
        model: tells listed actions.
        frames_per_second: how often to look, as `objects` does; None for the keyframes.
    """

    name = "actions"
    scope = Scope.SHOT
    needs: tuple[str, ...] = ("objects",)
    slow_on = frozenset({"cpu", "cuda"})  # only where it is asked for

    def __init__(
        self, encoder: Encoder, model: ActionModel, *, frames_per_second: float | None = None
    ) -> None:
        self._encoder, self._model = encoder, model
        self.wants = Wants(keyframes=True)
        if frames_per_second is not None:
            self.wants = Wants(frames_per_second=frames_per_second, frames_px=FRAMES_PX)

    @property
    def version(self) -> str:
        """Names models and rate; reads the weights, so it may raise `ModelUnavailable`."""
        rate = self.wants.frames_per_second
        named = f"1 {self._model.name} {self._encoder.space.name}"
        return named if rate is None else f"{named} {rate:g}/s"

    @property
    def spaces(self) -> tuple[Space, ...]:
        """That of its Embeddings; may load what is needed to know it."""
        return (self._encoder.space,)

    def ensure_available(self) -> None:
        """Make sure that all weights are here; errors as in `ActionModel`."""
        if isinstance(self._encoder, NeedsWeights):
            self._encoder.ensure_available()
        self._model.ensure_available()

    def analyze(self, clips: Sequence[Clip]) -> list[list[Finding]]:
        """Look at the persons of each clip; those of all clips are looked at together."""
        told: list[list[Finding]] = [[] for _ in clips]
        people = (one for number, clip in enumerate(clips) for one in self._list(number, clip))
        windows = _Windows(self._model.window)
        while batch := list(islice(people, BATCH)):
            ready = [
                window
                for person, seen in zip(batch, self._look(batch, told), strict=True)
                for window in windows.add(person, seen)
            ]
            self._tell([*ready, *windows.finish(batch[-1].clip)], told)
        self._tell(list(windows.finish(len(clips))), told)
        return told

    def _list(self, number: int, clip: Clip) -> Iterator[_Person]:
        """The persons of each picture of a clip, with what is within their reach."""
        by_span: dict[tuple[int, int], list[Label]] = {}
        for one in clip.findings:
            if isinstance(one, Label) and one.box is not None:
                by_span.setdefault((one.start_ms, one.end_ms), []).append(one)
        shown = clip.keyframes if self.wants.frames_per_second is None else clip.frames
        for picture in shown:
            seen = by_span.get((picture.start_ms, picture.end_ms), [])
            persons = [one for one in seen if (one.vocabulary, one.name) == PERSON]
            things = [one for one in seen if (one.vocabulary, one.name) != PERSON]
            found = list(find_interactions(persons, things))
            for person in persons:
                reached = tuple(one for one in found if one.person is person)
                yield _Person(number, person, picture, reached)

    def _look(self, people: Sequence[_Person], told: list[list[Finding]]) -> list[SeenPerson]:
        """Encode some persons; tells their vectors and their things."""
        cut = [(each, _box(each.said)) for each in people]
        cut += [(each, one.union) for each in people for one in each.things]
        crops = [cut_out(each.picture.pixels, box, ENCODED) for each, box in cut]
        vectors = self._encoder.encode_images(crops)
        space = self._encoder.space.name
        for (each, _), vector in zip(cut, vectors, strict=True):
            said = each.said
            of = (space, vector, said.box, said.track)
            told[each.clip].append(Embedding(said.start_ms, said.end_ms, *of))
        for each in people:
            told[each.clip].extend(map(_tell_thing, each.things))
        wholes = self._encode_wholes(people)
        form = self._model.crop
        return [
            SeenPerson(cut_out(each.picture.pixels, _box(each.said), form), vector, whole)
            for each, vector, whole in zip(people, vectors[: len(people)], wholes, strict=True)
        ]

    def _encode_wholes(self, people: Sequence[_Person]) -> Sequence[Vector | None]:
        if not self._model.wants_whole:
            return [None] * len(people)
        pictures = {id(each.picture): each.picture.pixels for each in people}
        encoded = self._encoder.encode_images(list(pictures.values()))
        vectors = dict(zip(pictures, encoded, strict=True))
        return [vectors[id(each.picture)] for each in people]

    def _tell(self, windows: Sequence[Window], told: list[list[Finding]]) -> None:
        """The surest actions of each window, said of each of its pictures."""
        if not windows:
            return
        scores = self._model.tell([[seen for _, seen in window] for window in windows])
        best = np.argsort(-scores, axis=1, kind="stable")[:, :MOST_TOLD]
        names = [name.partition("/")[::2] for name in self._model.names]
        for window, row, chosen in zip(windows, scores, best.tolist(), strict=True):
            sure = [(*names[at], float(row[at])) for at in chosen if row[at] >= self._model.least]
            for person, _ in window:
                told[person.clip].extend(_say(person.said, *one) for one in sure)


def make_actions(
    *,
    encoder: Encoder | None = None,
    device: str = "cpu",
    action_model: str = PROMPTS,
    object_fps: float | None = None,
) -> ActionsAnalyzer:
    """The analyzer with the model of a spec, see `action_models`.

    Args:
        encoder: of texts and pictures; None for that of the default profile.
        device: `cpu` or `cuda`.
        action_model: the spec.
        object_fps: as `objects` has it.

    Raises:
        SettingsError: the spec names no model.
    """
    if encoder is None:
        from analyzers.openclip import OpenClipEncoder

        encoder = OpenClipEncoder(get_profile(DEFAULT_PROFILE).encoders[0], device)
    model = make_action_model(action_model, encoder, device)
    return ActionsAnalyzer(encoder, model, frames_per_second=object_fps)


def cut_out(pixels: Pixels, box: Box, form: CropForm) -> Pixels:
    """(size_px, size_px, 3): the square around a box; grey where the picture ends."""
    import cv2

    height, width = pixels.shape[:2]
    x0, y0, x1, y1 = np.array(box) * (width, height, width, height)
    side = max(form.around * max(x1 - x0, y1 - y0), 1.0)
    scale = form.size_px / side
    x, y = (x0 + x1 - side) / 2, (y0 + y1 - side) / 2
    place = np.array([[scale, 0, -x * scale], [0, scale, -y * scale]])
    size = (form.size_px, form.size_px)
    crop: Pixels = cv2.warpAffine(
        pixels, place, size, flags=cv2.INTER_LINEAR, borderValue=(GREY,) * 3
    )
    return crop


def _tell_thing(found: Interaction) -> Label:
    return _say(found.person, VOCABULARY, f"with {found.thing.name}", found.score)


def _say(of: Label, vocabulary: str, name: str, score: float) -> Label:
    """Something about a person: in the same span, with box and track."""
    return Label(of.start_ms, of.end_ms, vocabulary, name, score, of.box, of.track)


def _box(said: Label) -> Box:
    assert said.box is not None, "only labels with a box are looked at"
    return said.box
