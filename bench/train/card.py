"""The model card that lies beside the weights: what it is, what it learned from, what it cannot."""

from bench.train.design import Design
from bench.train.encoder import Settings
from bench.train.figures import Choice, Choices, Point, Recall

_TEXT = """\
# The text-image encoder of the made world

Two small towers that put a picture and a text into the same {dim} dimensions. It was trained by
this project, from chance weights, on films that the project draws itself (`bench/world`), and it
knows nothing else: no photograph, no word that is not in the captions of that world. In real videos
it finds next to nothing; for them there are the models of `shotseek models`.

- **Picture tower**: {tower} of timm, average pooling, {width} x {height} px.
- **Text tower**: a transformer, {text_width} wide, {text_layers} layers, {context} pieces at most;
  an own vocabulary of {pieces} pieces, in which every word it was trained on is one piece. Other
  words fall into smaller pieces, and a search names them.
- **Size**: {weights:,} weights, stored in float16. Licence: that of the project.
- **Trained on** {films} films ({pictures} pictures) of the training split, seed {seed}, for
  {minutes} minutes ({steps} steps of {batch} pairs) on {device}. Those below share no film and no
  cast with them.

## What it finds

{shots} shots of the validation split, one picture each, searched by their captions.

| caption | recall@1 | recall@10 | recall@100 | median rank |
|---|---|---|---|---|
{recalls}

By chance recall@10 would be {chance:.3f}.

## What it gets wrong

Of two captions that differ in one point only it should prefer the true one; .5 is chance.

| point | pairs | right |
|---|---|---|
{choices}

It sees one picture: what moves, and whither, it can only guess from poses. It reads no signs.
Things under about 10 px, and people half hidden, it often misses. "No" and "without" mean little to
it.

Made by `shotseek bench train encoder`; `bench/train/README.md` tells how.
"""


def write_card(
    design: Design,
    settings: Settings,
    last: Point,
    choices: Choices,
    sizes: dict[str, int],
) -> str:
    """The card; `sizes` tells the weights, pieces, films and pictures there were."""
    judged = last.judged
    kinds = ("expert", "novice", "terse")
    recalls = (_recall(kind, getattr(judged, kind)) for kind in kinds)
    names = {"colours": "two colours exchanged", "sides": "left for right",
             "counts": "one or two more or less"}  # fmt: skip
    chosen = (_choice(names[kind], getattr(choices, kind)) for kind in names)
    return _TEXT.format(
        dim=design.dim, tower=design.picture_tower, width=design.width, height=design.height,
        text_width=design.text_width, text_layers=design.text_layers,
        context=design.context_length, seed=settings.seed, minutes=round(last.minutes),
        steps=last.step, batch=settings.batch, device=settings.device, shots=judged.shots,
        recalls="\n".join(recalls), choices="\n".join(chosen),
        chance=min(1.0, 10 / judged.shots), **sizes,
    )  # fmt: skip


def _recall(kind: str, recall: Recall) -> str:
    figures = (recall.at_1, recall.at_10, recall.at_100)
    return f"| {kind} | {' | '.join(f'{each:.3f}' for each in figures)} | {recall.median_rank:g} |"


def _choice(name: str, choice: Choice) -> str:
    return f"| {name} | {choice.pairs} | {choice.right:.3f} |"
