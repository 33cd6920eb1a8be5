"""Three captions for each shot, as a hurried, a plain and an exact searcher would type them.

They name only what is really seen and nobody's name. The facts of a caption are stated in the
very pass that words it. Knows nothing of how well anything searches.
"""

from dataclasses import replace

from bench.world.captions_expert import word_expert
from bench.world.captions_plain import word_novice, word_terse
from bench.world.describing import Sight, see_shot
from bench.world.dice import Dice
from bench.world.likeness import find_duplicates
from bench.world.stated import CaptionFacts, Draft
from bench.world.triplets import list_triplets
from bench.world.truth import Captions, ShotTruth, Truth

KINDS = ("terse", "novice", "expert")


def write_captions(truth: Truth) -> Truth:
    """The truth with captions, triplets and, within the film, duplicates filled in.

    Titles get no captions.
    """
    shots = []
    for shot in truth.shots:
        if shot.is_title:
            shots.append(shot)
            continue
        sight = see_shot(truth, shot)
        captions = Captions(*(_word(sight, kind, _roll(truth, shot, kind))[0] for kind in KINDS))
        shots.append(replace(shot, captions=captions, triplets=list_triplets(truth, sight)))
    told = replace(truth, shots=tuple(shots))
    equals = find_duplicates([told])
    return replace(
        told,
        shots=tuple(
            replace(shot, duplicates=equals.get(f"{truth.id}/{shot.id}", ())) for shot in told.shots
        ),
    )


def state_facts(truth: Truth, shot: ShotTruth, kind: str) -> CaptionFacts:
    """What the terse, novice or expert caption of a shot states."""
    return _word(see_shot(truth, shot), kind, _roll(truth, shot, kind))[1]


def vary_caption(truth: Truth, shot: ShotTruth, dice: Dice) -> str:
    """A true caption of a shot, of any length; other dice, other words and facts."""
    kind = dice.choose(KINDS)
    return _word(see_shot(truth, shot), kind, dice.split("words", dice.share()))[0]


def word_caption(sight: Sight, kind: str, dice: Dice) -> tuple[str, CaptionFacts]:
    """A caption of this kind with the facts it states."""
    return _word(sight, kind, dice)


def _roll(truth: Truth, shot: ShotTruth, kind: str) -> Dice:
    return Dice("captions", truth.id, shot.id, kind)


def _word(sight: Sight, kind: str, dice: Dice) -> tuple[str, CaptionFacts]:
    draft = Draft()
    if kind == "terse":
        text, draft = word_terse(sight, dice)
    elif kind == "novice":
        text = word_novice(sight, dice, draft)
    else:
        text, draft = word_expert(sight, dice)
    return text, draft.facts
