"""Trains the text-image encoder: pictures and captions of the same shot towards each other.

A training holds all its state: it can be written at any step, read again, and goes on as if it had
not stopped. Knows samples by their Protocol only, nothing of the made world.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, replace
from math import cos, log, pi
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.train.batches import Batch, Recipe, make_batch
from bench.train.design import Design, build_model
from bench.train.error import TrainingError
from bench.train.figures import Point, format_points, read_points
from bench.train.judging import Judge, encode_ids, prepare
from bench.train.loss import contrast
from bench.train.samples import Samples
from bench.train.tokens import Tokens, read_tokens

if TYPE_CHECKING:
    import torch

MOST_SCALE = 100.0  # of cosines; CLIP's own limit
WARM_UP = 0.03  # share of the training in which the learning rate rises
LAST_RATE = 0.01  # share of the learning rate that is left at the end
COARSE_SIZE = 0.75  # of width and height

Tell = Callable[[float, Point | None], None]  # share done, and a new point if there is one


@dataclass(frozen=True)
class Settings:
    """How an encoder is trained; either steps or minutes end it."""

    seed: int = 0
    steps: int | None = None  # the same figures on every run of a machine
    minutes: float = 100.0  # of work, over all runs; not looked at where steps are given
    batch: int = 256
    group: int = 4
    learning_rate: float = 1.5e-3
    weight_decay: float = 0.1
    average: float = 0.999  # weights are averaged over about 1 / (1 - average) steps
    device: str = "cpu"
    halves: bool = False  # compute in bfloat16 where torch holds it safe
    coarse: float = 0.65  # share of the training in which pictures are smaller, thus quicker
    point_minutes: float = 4.0  # between two points; a checkpoint is written at each
    point_steps: int | None = None  # instead of minutes


@dataclass
class _State:
    """What changes while it runs."""

    model: Any
    average: dict[str, "torch.Tensor"]
    optimiser: Any
    step: int = 0
    seconds: float = 0.0
    losses: tuple[float, ...] = ()  # since the last point
    points: tuple[Point, ...] = ()


class EncoderTraining:
    """Both towers, what they have learned and what they still have to."""

    def __init__(self, design: Design, settings: Settings, tokens: Tokens) -> None:
        """Begin with chance weights."""
        self.design, self.settings, self.tokens = design, settings, tokens
        model = build_model(design, tokens, settings.seed).to(settings.device)
        average = {name: value.detach().clone() for name, value in model.state_dict().items()}
        self._state = _State(model, average, _make_optimiser(model, settings))

    @property
    def points(self) -> tuple[Point, ...]:
        """The course so far."""
        return self._state.points

    @property
    def share(self) -> float:
        """How much of it is done, 0 to 1."""
        if self.settings.steps is not None:
            return min(1.0, self._state.step / self.settings.steps)
        return min(1.0, self._state.seconds / 60 / self.settings.minutes)

    def run(self, samples: Samples, judge: Judge, file: Path, tell: Tell) -> None:
        """Train to the end; a checkpoint is written at each point, the last one at the end."""
        if self.share >= 1:
            return
        started, seconds = time.perf_counter(), self._state.seconds
        last_point = seconds
        for batch in self._read_batches(samples):
            self._state.losses += (self._learn(batch),)
            self._state.step += 1
            self._state.seconds = seconds + time.perf_counter() - started
            is_over = self.share >= 1
            if is_over or self._is_point_due(last_point):
                self._add_point(judge, self._state.seconds - last_point)
                last_point = self._state.seconds
                # Judging is no work of the training.
                started = time.perf_counter() - (last_point - seconds)
                self.write(file)
                tell(self.share, self._state.points[-1])
            else:
                tell(self.share, None)
            if is_over:
                return

    def make_encoder(self) -> Any:
        """The model with averaged weights, in evaluation, in float32."""
        model = build_model(self.design, self.tokens, self.settings.seed)
        model.load_state_dict(self._state.average)
        return model.to(self.settings.device).eval()

    def write(self, file: Path) -> None:
        """Write all of it."""
        import torch

        state = self._state
        whole = {
            "design": asdict(self.design),
            "settings": asdict(self.settings),
            "tokens": self.tokens.format(),
            "model": state.model.state_dict(),
            "average": state.average,
            "optimiser": state.optimiser.state_dict(),
            "course": (state.step, state.seconds, state.losses),
            "points": format_points(state.points),
        }
        partial = file.with_suffix(".part")
        torch.save(whole, partial)
        partial.replace(file)

    def restore(self, kept: dict[str, Any]) -> None:
        """Take over the state that `write` wrote."""
        state = self._state
        state.model.load_state_dict(kept["model"])
        state.optimiser.load_state_dict(kept["optimiser"])
        state.average = kept["average"]
        state.step, state.seconds, state.losses = kept["course"]
        state.points = read_points(kept["points"])

    def _read_batches(self, samples: Samples) -> Iterator[Batch]:
        """From the present step on without end, one ahead of the model."""
        with ThreadPoolExecutor(1) as pool:
            number = self._state.step
            ahead = pool.submit(make_batch, samples, self._make_recipe(number), number)
            while True:
                number += 1
                recipe = self._make_recipe(number)
                batch, ahead = ahead.result(), pool.submit(make_batch, samples, recipe, number)
                yield batch

    def _make_recipe(self, number: int) -> Recipe:
        """How a batch is made; with steps given, the same whenever it is made."""
        settings, design = self.settings, self.design
        share = self.share if settings.steps is None else number / settings.steps
        size = COARSE_SIZE if share < settings.coarse else 1.0
        height, width = round(design.height * size), round(design.width * size)
        return Recipe(settings.seed, settings.batch, settings.group, height, width)

    def _is_point_due(self, last_point: float) -> bool:
        if self.settings.point_steps is not None:
            return self._state.step % self.settings.point_steps == 0
        return self._state.seconds - last_point >= self.settings.point_minutes * 60

    def _learn(self, batch: Batch) -> float:
        """One step down; the loss before it."""
        import torch
        from torch.nn.attention import SDPBackend, sdpa_kernel

        state, model = self._state, self._state.model.train()
        for part in state.optimiser.param_groups:
            part["lr"] = self.settings.learning_rate * find_rate(self.share)
        pictures = prepare(batch.pictures).to(self.settings.device)
        ids = self.tokens.encode([*batch.captions, *batch.contrary])
        # Over so few pieces plain attention is a sixth quicker than torch's fused one on a CPU.
        with _autocast(self.settings), sdpa_kernel([SDPBackend.MATH]):
            seen = model.encode_image(pictures, normalize=True)
            read = encode_ids(model, torch.from_numpy(ids).to(self.settings.device))
        alike = torch.from_numpy(batch.alike).to(self.settings.device)
        loss = contrast(seen.float(), read.float(), model.logit_scale.exp(), alike)
        state.optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        state.optimiser.step()
        with torch.no_grad():
            model.logit_scale.clamp_(max=log(MOST_SCALE))
            self._keep_average()
        return float(loss.detach())

    def _keep_average(self) -> None:
        """Early weights are forgotten sooner."""
        step = self._state.step
        kept = min(self.settings.average, (1 + step) / (10 + step))
        for name, value in self._state.model.state_dict().items():
            average = self._state.average[name]
            if average.is_floating_point():
                average.lerp_(value, 1 - kept)
            else:
                average.copy_(value)

    def _add_point(self, judge: Judge, seconds: float) -> None:
        state = self._state
        point = Point(
            step=state.step,
            minutes=round(state.seconds / 60, 2),
            loss=round(float(np.mean(state.losses)), 4),
            learning_rate=round(self.settings.learning_rate * find_rate(self.share), 8),
            scale=round(float(state.model.logit_scale.detach().exp()), 2),
            samples_per_second=round(len(state.losses) * self.settings.batch / seconds, 1),
            judged=judge.judge(self.make_encoder()),
        )
        state.points, state.losses = (*state.points, point), ()


def read_training(file: Path, settings: Settings) -> EncoderTraining:
    """Go on with a training where it was written; only length and device may be new.

    Raises:
        TrainingError: there is none, or it was begun with other settings.
    """
    import torch

    if not file.is_file():
        raise TrainingError(f"there is no training to go on with: {file} is missing")
    kept = torch.load(file, map_location=settings.device, weights_only=True)
    begun = Settings(**kept["settings"])
    same = replace(
        begun, device=settings.device, halves=settings.halves, minutes=settings.minutes,
        steps=settings.steps,
        point_steps=settings.point_steps, point_minutes=settings.point_minutes,
    )  # fmt: skip
    if same != settings:
        raise TrainingError(f"{file} was begun with other settings: {begun}")
    design = Design(**kept["design"])
    tokens = read_tokens(kept["tokens"], design.context_length)
    training = EncoderTraining(design, settings, tokens)
    training.restore(kept)
    return training


def find_rate(share: float) -> float:
    """The learning rate when a share of the training is done, as a share of the highest."""
    if share < WARM_UP:
        return max(share / WARM_UP, LAST_RATE)
    fall = (1 + cos(pi * (share - WARM_UP) / (1 - WARM_UP))) / 2
    return LAST_RATE + (1 - LAST_RATE) * fall


def has_halves(device: str) -> bool:
    """Whether a device computes in bfloat16 faster than in float32."""
    import torch

    if device != "cpu":
        return bool(torch.cuda.is_bf16_supported())
    can: dict[str, bool] = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(can.get("amx_bf16") or can.get("avx512_bf16"))


def _make_optimiser(model: Any, settings: Settings) -> Any:
    """AdamW; only matrices and kernels are drawn to zero."""
    import torch

    weights = [weight for weight in model.parameters() if weight.requires_grad]
    groups = [
        {
            "params": [weight for weight in weights if weight.ndim >= 2],
            "weight_decay": settings.weight_decay,
        },
        {"params": [weight for weight in weights if weight.ndim < 2], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=settings.learning_rate, betas=(0.9, 0.98), eps=1e-6)


def _autocast(settings: Settings) -> AbstractContextManager[Any]:
    import torch

    if not settings.halves:
        return nullcontext()
    return torch.autocast(settings.device.partition(":")[0], torch.bfloat16)
