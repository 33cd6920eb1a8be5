"""Trains a small model on whatever a lesson gives: steps, averaged weights, checkpoints, figures.

All state can be written and read again, and goes on as if it had not been stopped. Knows nothing of
what is learned.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from bench.train.encoder import find_rate
from bench.train.error import TrainingError

if TYPE_CHECKING:
    import torch


class Lesson(Protocol):
    """What is learned: a model, batches, how wrong it is, how good it is on what it never saw."""

    def build(self) -> Any:
        """The model with its first weights."""

    def make_batch(self, seed: int, number: int) -> Any:
        """The batch of this number; runs in a thread of its own."""

    def measure_loss(self, model: Any, batch: Any) -> "torch.Tensor":
        """How wrong it is on a batch, as one number."""

    def judge(self, model: Any) -> Mapping[str, float]:
        """Figures on unseen samples, by name."""


@dataclass(frozen=True)
class SchoolSettings:
    """How a model is trained; either steps or minutes end it."""

    seed: int = 0
    steps: int | None = None  # the same figures on every run of a machine
    minutes: float = 20.0  # of work, over all runs; not looked at where steps are given
    learning_rate: float = 2e-3
    weight_decay: float = 0.02
    average: float = 0.998  # weights are averaged over about 1 / (1 - average) steps
    halves: bool = False  # compute in bfloat16 where torch holds it safe
    point_steps: int = 200  # between two points; a checkpoint is written at each


@dataclass(frozen=True)
class SchoolPoint:
    """A moment of a training."""

    step: int
    minutes: float
    loss: float  # mean since the point before
    figures: dict[str, float]  # of unseen samples


class Schooling:
    """A model, what it has learned and what it still has to."""

    def __init__(self, lesson: Lesson, settings: SchoolSettings) -> None:
        """Begin with the lesson's first weights."""
        import torch

        torch.manual_seed(settings.seed)
        self.settings, self._lesson = settings, lesson
        self._model = lesson.build()
        weights = list(self._model.parameters())
        groups: list[dict[str, Any]] = [
            {"params": [each for each in weights if each.ndim >= 2]},
            {"params": [each for each in weights if each.ndim < 2], "weight_decay": 0.0},
        ]
        self._optimiser = torch.optim.AdamW(
            groups, lr=settings.learning_rate, weight_decay=settings.weight_decay
        )
        self._average = {name: each.clone() for name, each in self._model.state_dict().items()}
        self._step, self._seconds = 0, 0.0
        self._losses: list[float] = []
        self.points: list[SchoolPoint] = []

    @property
    def share(self) -> float:
        """How much of it is done, 0 to 1."""
        if self.settings.steps is not None:
            return min(1.0, self._step / self.settings.steps)
        return min(1.0, self._seconds / 60 / self.settings.minutes)

    def run(self, file: Path, tell: Callable[[float, SchoolPoint | None], None]) -> None:
        """Train to the end; a checkpoint is written at each point, the last one at the end."""
        if self.share >= 1:
            return
        for batch in self._read_batches():
            started = time.perf_counter()
            self._learn(batch)
            self._seconds += time.perf_counter() - started
            is_over = self.share >= 1
            is_point = is_over or self._step % self.settings.point_steps == 0
            if is_point:
                self._add_point()
                self.write(file)
            tell(self.share, self.points[-1] if is_point else None)
            if is_over:
                return

    def count_weights(self) -> int:
        """How many numbers are learned."""
        return sum(int(weight.numel()) for weight in self._model.parameters())

    def make_model(self) -> Any:
        """The model with averaged weights, in evaluation, in float32."""
        model = self._lesson.build()
        model.load_state_dict(self._average)
        return model.eval()

    def write(self, file: Path) -> None:
        """Write all of it, and its points beside it as JSON."""
        import torch

        points = [asdict(point) for point in self.points]
        whole = {
            "settings": asdict(self.settings),
            "model": self._model.state_dict(),
            "average": self._average,
            "optimiser": self._optimiser.state_dict(),
            "course": (self._step, self._seconds, self._losses),
            "points": json.dumps(points),
        }
        partial = file.with_suffix(".part")
        torch.save(whole, partial)
        partial.replace(file)
        told = {"settings": asdict(self.settings), "points": points}
        file.with_suffix(".json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")

    def restore(self, file: Path) -> None:
        """Go on where it was written; only its length may be new.

        Raises:
            TrainingError: there is nothing to go on with, or it was begun with other settings.
        """
        import torch

        if not file.is_file():
            raise TrainingError(f"there is no training to go on with: {file} is missing")
        kept = torch.load(file, weights_only=True)
        begun, now = SchoolSettings(**kept["settings"]), self.settings
        if replace(begun, steps=now.steps, minutes=now.minutes, halves=now.halves) != now:
            raise TrainingError(f"{file} was begun with other settings: {begun}")
        self._model.load_state_dict(kept["model"])
        self._optimiser.load_state_dict(kept["optimiser"])
        self._average = kept["average"]
        self._step, self._seconds, self._losses = kept["course"]
        self.points = [SchoolPoint(**point) for point in json.loads(kept["points"])]

    def _read_batches(self) -> Iterator[Any]:
        """From the present step on without end, one ahead of the model."""
        make, seed, number = self._lesson.make_batch, self.settings.seed, self._step
        with ThreadPoolExecutor(1) as pool:
            ahead = pool.submit(make, seed, number)
            while True:
                number += 1
                batch, ahead = ahead.result(), pool.submit(make, seed, number)
                yield batch

    def _learn(self, batch: Any) -> None:
        """One step down."""
        import torch

        self._model.train()
        for group in self._optimiser.param_groups:
            group["lr"] = self.settings.learning_rate * find_rate(self.share)
        with _autocast(self.settings):
            loss = self._lesson.measure_loss(self._model, batch)
        self._optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(self._model.parameters(), 10.0)
        self._optimiser.step()
        self._losses.append(float(loss.detach()))
        self._step += 1
        # Early weights are forgotten sooner.
        kept = min(self.settings.average, (1 + self._step) / (10 + self._step))
        with torch.no_grad():
            for name, value in self._model.state_dict().items():
                if value.is_floating_point():
                    self._average[name].lerp_(value, 1 - kept)
                else:
                    self._average[name].copy_(value)

    def _add_point(self) -> None:
        figures = dict(self._lesson.judge(self.make_model()))
        loss = round(float(np.mean(self._losses)), 4)
        self.points.append(SchoolPoint(self._step, round(self._seconds / 60, 2), loss, figures))
        self._losses = []


def _autocast(settings: SchoolSettings) -> AbstractContextManager[Any]:
    import torch

    return torch.autocast("cpu", torch.bfloat16) if settings.halves else nullcontext()
