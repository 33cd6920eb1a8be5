"""What is heard over a film, piece by piece from its start to its end. Knows no waves."""

from bench.world.dice import Dice
from bench.world.plan import FRAME_MS, ScenePlan, SoundPlan

LONGEST_MS, SHORTEST_MS = 9_000, 2_000
HEARD = {
    "beach": {"wind": 6, "silence": 1, "crowd": 1},
    "forest": {"birdsong": 6, "wind": 2, "silence": 1},
    "street": {"engine": 6, "crowd": 2, "bell": 1},
    "park": {"birdsong": 4, "crowd": 2, "wind": 1},
    "mountain": {"wind": 6, "bell": 1, "silence": 1},
    "farm": {"birdsong": 3, "engine": 3, "wind": 1},
    "harbour": {"wind": 3, "engine": 3, "bell": 3},
    "playground": {"crowd": 5, "bell": 1, "birdsong": 2},
    "desert": {"wind": 5, "silence": 3},
    "market": {"crowd": 6, "bell": 1, "music": 1},
    "office": {"silence": 4, "bell": 2, "crowd": 2},
    "kitchen": {"silence": 4, "music": 3},
    "living room": {"music": 4, "silence": 3, "bell": 1},
    "classroom": {"bell": 4, "silence": 3, "crowd": 2},
    "restaurant": {"crowd": 4, "music": 4},
    "library": {"silence": 7, "bell": 1},
    "hospital": {"silence": 4, "bell": 3},
    "garage": {"engine": 6, "silence": 2},
}


def compose_sound(
    dice: Dice, scenes: tuple[ScenePlan, ...], length_ms: int
) -> tuple[SoundPlan, ...]:
    """Sounds that follow one another without a gap: music over a title, then the places' own."""
    pieces: list[SoundPlan] = []
    if scenes[0].start_ms > 0:
        pieces.append(SoundPlan(0, scenes[0].start_ms, "music"))
    for scene in scenes:
        weights = dict(HEARD[scene.setting.place])
        if dice.happens(0.2):
            weights["music"] = weights.get("music", 0) + 8
        now = scene.start_ms
        while now < scene.end_ms:
            end = _end_of(dice, now, min(scene.end_ms, length_ms))
            pieces.append(SoundPlan(now, end, dice.weigh(weights)))
            now = end
    return _join(pieces)


def _end_of(dice: Dice, start_ms: int, last_ms: int) -> int:
    length = dice.whole(SHORTEST_MS // FRAME_MS, LONGEST_MS // FRAME_MS) * FRAME_MS
    end = start_ms + length
    return end if last_ms - end >= SHORTEST_MS else last_ms


def _join(pieces: list[SoundPlan]) -> tuple[SoundPlan, ...]:
    """Neighbours of the same kind made one."""
    joined = pieces[:1]
    for piece in pieces[1:]:
        if piece.kind == joined[-1].kind:
            joined[-1] = SoundPlan(joined[-1].start_ms, piece.end_ms, piece.kind)
        else:
            joined.append(piece)
    return tuple(joined)
