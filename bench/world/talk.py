"""Who says what when: lines of dialogue laid over the shots in which their speakers are.

Knows nothing of what else happens in a shot.
"""

from collections import Counter

from bench.world.dialogue import write_line, write_telling_line
from bench.world.dice import Dice
from bench.world.grammar import whole_frames
from bench.world.habits import HABITS, TOPIC_GROUPS
from bench.world.plan import CuePlan, Person, ScenePlan, ShotPlan
from bench.world.scenes import Meeting, Scene
from bench.world.words import ONE_WAY

SPOKEN, TELLING = 0.85, 0.035  # chances: that a shot has a line, that a line tells
LETTER_MS, SHORTEST_MS, LONGEST_MS = 62, 1_000, 3_600


def write_dialogue(
    dice: Dice,
    scenes: tuple[Scene, ...],
    plans: tuple[ScenePlan, ...],
    shots: tuple[ShotPlan, ...],
    people: tuple[Person, ...],
) -> tuple[CuePlan, ...]:
    """The lines of a film, one after the other, at most one in a shot."""
    names = {person.id: person.name for person in people}
    cues: list[CuePlan] = []
    for scene, plan in zip(scenes, plans, strict=True):
        spoken: Counter[Meeting] = Counter()
        for shot in shots:
            if not plan.start_ms <= shot.start_ms < plan.end_ms:
                continue
            meeting = _choose_meeting(dice, scene, shot, spoken)
            if meeting is None or shot.end_ms - shot.start_ms < SHORTEST_MS + 400:
                continue
            cues.append(_speak(dice, meeting, shot, names, spoken[meeting] > 0))
            spoken[meeting] += 1
    return tuple(cues)


def _choose_meeting(
    dice: Dice, scene: Scene, shot: ShotPlan, spoken: Counter[Meeting]
) -> Meeting | None:
    """Whose talk it is: both are there, or at least one of them; None for no talk."""
    there = {actor.person for picture in shot.pictures for actor in picture.actors}
    both = [each for each in scene.meetings if there.issuperset(each.pair)]
    one = [each for each in scene.meetings if there.intersection(each.pair)]
    if shot.tempo != 1 or not one:
        return None
    chance = 0.92 if _is_talk(shot) else SPOKEN
    if not dice.happens(chance):
        return None
    return dice.weigh({each: 0.3 ** spoken[each] for each in both or one})


def _is_talk(shot: ShotPlan) -> bool:
    acts = (act for picture in shot.pictures for actor in picture.actors for act in actor.acts)
    return any(act.action == "talking to" for act in acts)


def _speak(
    dice: Dice, meeting: Meeting, shot: ShotPlan, names: dict[str, str], has_begun: bool
) -> CuePlan:
    a, b = meeting.pair
    habit = HABITS[meeting.talks_like]
    # The first word of a meeting is the leader's, the server's, the parent's.
    leads = not has_begun and meeting.talks_like in ONE_WAY
    is_first = dice.happens(0.9 if leads else habit.first_speaks)
    speaker, listener = (a, b) if is_first else (b, a)
    topic = dice.weigh(TOPIC_GROUPS[habit.topic])
    if dice.happens(TELLING):
        text = write_telling_line(dice, meeting.talks_like, is_first=is_first)
    else:
        text = write_line(dice, topic, names[listener])
    start = shot.start_ms + whole_frames(dice.between(80, 320))
    length = min(max(LETTER_MS * len(text), SHORTEST_MS), LONGEST_MS)
    end = min(start + whole_frames(length), shot.end_ms)
    return CuePlan(start, end, speaker, listener, text, topic)
