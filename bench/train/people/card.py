"""The model cards that lie beside the weights: what they are, what they learned from, what not."""

from collections.abc import Mapping

from bench.train.people.action_figures import ActionFigures
from bench.train.people.face_crops import FaceSamples
from bench.train.schooling import Schooling

_DETECTOR = """\
# The detector of the made world

Finds persons, faces and {kinds} kinds of things in pictures of the films that this project draws
itself (`bench/world`), and knows nothing else: in photographs it finds next to nothing. For them
there are the models of `shotseek models`.

- **Network**: the first three stages of the shipped text-image encoder's picture tower
  (regnetx_002) and two blocks of the fourth, a top-down pyramid, one head of stride 8;
  320 x 192 px. {weights:,} weights, float32, with the reading of the boxes inside.
  Licence: that of the project.
- **Trained on** {films} films ({pictures} pictures) of the training split, each with a cast of its
  own, seed {seed}, for {minutes} minutes ({steps} steps). Those below share no film and no cast
  with them.

## What it finds

Average precision at IoU 0.5, and recall where the precision is 0.9, in all pictures of {unseen}
films of the test split. Clear: half a person is visible, 24 px high; a face is 16 px wide; a thing
12 px long.

| | true | AP50 | recall |
|---|---|---|---|
{rows}

Kinds of things that are there five times or more, clear: {things}; mean AP50 {ap50:.3f}.

## What it gets wrong

Of two people who embrace it often finds one. What is mostly hidden, cut by the frame or under 12 px
it misses. Dark and noisy pictures cost most. A face is a head without hair and hat; which way it
looks is not told.

Made by `shotseek bench train detector`; `bench/train/people/README.md` tells how.
"""

_FACES = """\
# The face embedding of the made world

Puts heads of the people whom this project draws itself (`bench/world`) into {dim} dimensions, so
that those of one person lie near each other. It knows no photographs. **Not for real people.**

- **Network**: eight convolutions and a linear layer on aligned crops, 112 x 112 px, of which it
  sees half as many. {weights:,} weights, float32. Licence: that of the project.
- **Trained on** {films} films of the training split ({faces} faces of {persons} people), seed
  {seed}, for {minutes} minutes ({steps} steps). Those below share no film and no look with them.

## What it tells apart

{unseen} faces of {unseen_persons} people of the test split, 16 px wide or more, cut out by their
true boxes; a face and its partner are of two films.

| | |
|---|---|
| of a face of the same person and one of another, the right one is nearer | {triplets:.3f} |
| mean average precision of {searched} searches by three faces of another film | {map:.3f} |
| median cosine of one person's faces | {same:.2f} |
| of two people's | {other:.2f} |

From a mean cosine of {gate:.2f} on faces are taken for one person's: on the validation split that
gives the rightest clusters (pairwise F1 {gate_f1:.3f} of single faces). The file says so itself.

## What it gets wrong

A few people of every cast look alike but for one or two features; it takes them for one another.
Colours change with the hour, and in the dark it tells them badly. It sees no one from behind.

Made by `shotseek bench train faces`; `bench/train/people/README.md` tells how.
"""

_ACTIONS = """\
# The action head of the made world

Tells what a person does, from one picture of it, in the films that this project draws itself
(`bench/world`). It knows no photographs and sees no motion.

- **Network**: eight convolutions and two linear layers on crops of 112 x 112 px, of which it sees
  half as many. {weights:,} weights, float32. Each action has a score of its own, 0 to 1; from
  {score:.2f} on it is believed. Licence: that of the project.
- **Trained on** people of {films} films ({pictures} pictures) of the training split, seed {seed},
  for {minutes} minutes ({steps} steps). Those below share no film and no cast with them.

## What it tells

{people} people of {unseen} films of the test split, 24 px high or more and .4 visible, cut out by
their true boxes; nearly all of them do one thing at a time.

| | |
|---|---|
| mean average precision of {actions} actions | {mean_ap:.3f} |
| of a chance order | {by_chance:.3f} |
| the surest action is the true one | {surest:.3f} |
| what is believed is true (precision) | {precision:.3f} |
| what is true is believed (recall) | {recall:.3f} |

| action | done | AP |
|---|---|---|
{rows}

## What it gets wrong

It takes for one another what has a pose in common for a moment: the worst rows of the table. It was
taught on true boxes and does worse on boxes that cut off a hand. Of somebody who is mostly hidden,
or under 24 px high, it knows nothing.

Made by `shotseek bench train actions`; `bench/train/people/README.md` tells how.
"""


def write_detector_card(
    films: int, pictures: int, schooling: Schooling, figures: Mapping[str, float]
) -> str:
    """The card of the detector; `figures` are those of `judge_detector` on the test split."""
    rows = [
        f"| {name}, {part} | {figures[f'{name} {part} true']:g} "
        f"| {figures[f'{name} {part} AP50']:.3f} "
        f"| {figures[f'{name} {part} recall at precision .9']:.3f} |"
        for name in ("person", "face")
        for part in ("all", "clear")
    ]
    last = schooling.points[-1]
    return _DETECTOR.format(
        kinds=52, weights=schooling.count_weights(), films=films, pictures=pictures,
        seed=schooling.settings.seed, minutes=round(last.minutes), steps=last.step, unseen=40,
        rows="\n".join(rows), things=int(figures["kinds of things"]),
        ap50=figures["things mean AP50"],
    )  # fmt: skip


def write_face_card(
    films: int, samples: FaceSamples, schooling: Schooling, figures: Mapping[str, float]
) -> str:
    """The card of the face embedding; `figures` are those of `measure_faces` on the test split."""
    last = schooling.points[-1]
    return _FACES.format(
        dim=128, weights=schooling.count_weights(), films=films, faces=len(samples.places),
        persons=len(samples.by_person), seed=schooling.settings.seed, minutes=round(last.minutes),
        steps=last.step, unseen=int(figures["faces"]), unseen_persons=int(figures["persons"]),
        triplets=figures["triplets right"], map=figures["search mAP"],
        searched=int(figures["searched persons"]), same=figures["cosine same"],
        other=figures["cosine other"], gate=figures["gate"], gate_f1=figures["gate F1"],
    )  # fmt: skip


def write_action_card(
    films: int, pictures: int, schooling: Schooling, figures: ActionFigures
) -> str:
    """The card of the action head; `figures` are of the test split."""
    best_first = sorted(figures.each.items(), key=lambda pair: -pair[1][1])
    rows = [f"| {name} | {often} | {ap:.3f} |" for name, (often, ap) in best_first]
    last = schooling.points[-1]
    return _ACTIONS.format(
        weights=schooling.count_weights(), score=figures.score, films=films, pictures=pictures,
        seed=schooling.settings.seed, minutes=round(last.minutes), steps=last.step,
        people=figures.people, unseen=40, actions=len(figures.each), mean_ap=figures.mean_ap,
        by_chance=figures.by_chance, surest=figures.surest_right, precision=figures.precision,
        recall=figures.recall, rows="\n".join(rows),
    )  # fmt: skip
