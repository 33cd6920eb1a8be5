"""How a shot's place, season, time of day, framing and camera are put into words.

Each function words something and states in the draft the facts it worded. Knows nothing of what
is in the shot.
"""

from types import MappingProxyType

from bench.world.describing import Sight
from bench.world.dice import Dice
from bench.world.phrases import add_article
from bench.world.stated import Draft

# Preposition and noun; "the" is said of what is not counted.
PLACE_WORDS = MappingProxyType(
    {
        "beach": (("on", "beach"),),
        "forest": (("in", "forest"), ("in", "the woods")),
        "street": (("on", "street"), ("in", "street")),
        "park": (("in", "park"),),
        "mountain": (("in", "the mountains"), ("on", "mountain")),
        "farm": (("on", "farm"),),
        "harbour": (("at", "harbour"), ("in", "harbour")),
        "playground": (("on", "playground"), ("at", "playground")),
        "desert": (("in", "desert"),),
        "market": (("at", "market"), ("in", "market")),
        "office": (("in", "office"),),
        "kitchen": (("in", "kitchen"),),
        "living room": (("in", "living room"), ("in", "lounge")),
        "classroom": (("in", "classroom"),),
        "restaurant": (("in", "restaurant"), ("at", "restaurant")),
        "library": (("in", "library"),),
        "hospital": (("in", "hospital"),),
        "garage": (("in", "garage"),),
    }
)
SEASON_ADJECTIVES = MappingProxyType(
    {"winter": ("snowy", "snowy", "wintry"), "autumn": ("autumnal", "autumn")}
)
TIME_WORDS = MappingProxyType(
    {
        "night": ("at night", "at night", "after dark"),
        "twilight": ("at dusk", "at twilight"),
        "sunrise": ("at sunrise", "at dawn"),
        "sunset": ("at sunset", "as the sun sets"),
        "daylight": ("by day", "in daylight", "during the day"),
    }
)
SHOT_SIZE_WORDS = MappingProxyType(
    {
        "extreme close-up": ("extreme close-up", "very close view"),
        "long shot": ("long shot", "wide shot"),
        "extreme long shot": ("extreme long shot", "very wide shot"),
    }
)
MOVE_WORDS = MappingProxyType(
    {
        "pan left": ("The camera pans left.", "The camera pans to the left."),
        "pan right": ("The camera pans right.", "The camera pans to the right."),
        "zoom in": ("The camera zooms in.", "The camera moves in closer."),
        "zoom out": ("The camera zooms out.", "The camera moves back."),
        "shake": ("The camera shakes.", "The picture is shaky."),
    }
)


def word_place(sight: Sight, dice: Dice, draft: Draft, *, season: bool = False) -> str:
    """Where, as "on a snowy street"; empty where the place is not seen."""
    if sight.place is None:
        return ""
    draft.state(f"place: {sight.place}")
    preposition, noun = dice.choose(PLACE_WORDS[sight.place])
    adjectives = SEASON_ADJECTIVES.get(sight.season or "", ()) if season else ()
    if not adjectives:
        article = dice.choose(("the", "a"))
        named = noun if noun.startswith("the ") else f"the {noun}"
        if article == "a" and named != noun:
            named = add_article(noun)
        return f"{preposition} {named}"
    draft.state(f"season: {sight.season}")
    described = f"{dice.choose(adjectives)} {noun.removeprefix('the ')}"
    named = f"the {described}" if noun.startswith("the ") else add_article(described)
    return f"{preposition} {named}"


def word_when(sight: Sight, dice: Dice, draft: Draft, *, season: bool = False) -> str:
    """When, as "at dusk" or, with the season, "in summer" or "on a winter night"."""
    time = sight.shot.time
    if season and sight.season:
        draft.state(f"season: {sight.season}")
        if time in ("night", "daylight") and dice.happens(0.6):
            draft.state(f"time: {time}")
            noun = "night" if time == "night" else "day"
            return f"on {add_article(sight.season)} {noun}"
        return " ".join(filter(None, (word_when(sight, dice, draft), f"in {sight.season}")))
    if time is None:
        return ""
    draft.state(f"time: {time}")
    return dice.choose(TIME_WORDS[time])


def word_setting(sight: Sight, dice: Dice, draft: Draft) -> str:
    """Place, season and time as one phrase, as far as they are seen."""
    told = sight.season in SEASON_ADJECTIVES and sight.place is not None and dice.happens(0.6)
    place = word_place(sight, dice, draft, season=told)
    when = word_when(sight, dice, draft, season=not told)
    return " ".join(filter(None, (place, when)))


def word_shot_size(sight: Sight, dice: Dice, draft: Draft) -> str:
    """The framing, as "close-up"."""
    size = sight.shot.shot_size
    draft.state(f"shot size: {size}")
    return dice.choose(SHOT_SIZE_WORDS.get(size, (size,)))


def word_move(sight: Sight, dice: Dice, draft: Draft) -> str:
    """A sentence on how the camera moves; empty where it is still, or there are two of them."""
    if sight.shot.is_split or sight.shot.move not in MOVE_WORDS:
        return ""
    draft.state(f"move: {sight.shot.move}")
    return dice.choose(MOVE_WORDS[sight.shot.move])
