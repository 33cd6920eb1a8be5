"""How things, persons, actions, places and times are put into words, in correct English.

Each function words one thing and states in the draft the facts it worded. Knows nothing of whole
captions.
"""

from collections.abc import Sequence
from types import MappingProxyType

from bench.world.describing import ActSight, PersonSight, ThingSight
from bench.world.dice import Dice
from bench.world.stated import Draft

THING_WORDS = MappingProxyType(
    {
        "car": ("car", "car", "automobile"),
        "truck": ("truck", "lorry"),
        "bicycle": ("bicycle", "bike"),
        "motorcycle": ("motorcycle", "motorbike"),
        "airplane": ("airplane", "plane"),
        "rabbit": ("rabbit", "rabbit", "bunny"),
        "sofa": ("sofa", "couch"),
        "bookshelf": ("bookshelf", "bookcase"),
        "television": ("television", "TV"),
        "phone": ("phone", "telephone"),
        "painting": ("painting", "picture"),
        "mailbox": ("mailbox", "postbox"),
        "street lamp": ("street lamp", "lamp post"),
        "flowerpot": ("flowerpot", "potted plant"),
        "bush": ("bush", "shrub"),
        "ladder": ("ladder", "stepladder"),
    }
)
GROUP_WORDS = MappingProxyType(
    {"vehicle": "vehicle", "animal": "animal", "furniture": "piece of furniture", "plant": "plant"}
)
PLURALS = MappingProxyType(
    {
        "sheep": "sheep",
        "bookshelf": "bookshelves",
        "snowman": "snowmen",
        "man": "men",
        "woman": "women",
        "child": "children",
        "person": "people",
        "gentleman": "gentlemen",
        "piece of furniture": "pieces of furniture",
    }
)
NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
)  # fmt: skip
SIZE_WORDS = MappingProxyType({"small": ("small", "little"), "large": ("large", "big")})
COLOUR_WORDS = MappingProxyType({"grey": ("grey",), "purple": ("purple", "purple", "violet")})
MOTIONS = MappingProxyType(
    {
        "boat": "sailing",
        "airplane": "flying",
        "bird": "flying",
        "butterfly": "flying",
        "dog": "running",
        "horse": "trotting",
        "duck": "waddling",
        "ball": "rolling",
    }
)
GENDER_WORDS = MappingProxyType(
    {
        "man": ("man", "man", "gentleman"),
        "woman": ("woman", "woman", "lady"),
        "boy": ("boy",),
        "girl": ("girl",),
    }
)
HAIR_WORDS = MappingProxyType(
    {
        "short": ("short {} hair",),
        "curly": ("curly {} hair", "{} curls"),
        "long": ("long {} hair",),
        "ponytail": ("a {} ponytail", "{} hair in a ponytail"),
        "bun": ("a {} bun", "{} hair in a bun"),
        "bob": ("a {} bob", "{} hair in a bob"),
        "spiky": ("spiky {} hair",),
    }
)
HAT_WORDS = MappingProxyType(
    {"cap": ("cap",), "brimmed": ("brimmed hat", "hat"), "beanie": ("beanie", "woolly hat")}
)
GLASSES_WORDS = MappingProxyType(
    {
        "round": ("round glasses", "glasses"),
        "square": ("square glasses", "glasses"),
        "dark": ("dark glasses", "sunglasses"),
    }
)
TOP_WORDS = MappingProxyType({"jumper": ("jumper", "sweater")})
# How each action is said; the second with a thing that is too small to be named.
ACTION_WORDS = MappingProxyType(
    {
        "standing": ("standing",),
        "walking": ("walking",),
        "running": ("running",),
        "waving": ("waving",),
        "sitting down": ("sitting down", "taking a seat"),
        "jumping": ("jumping", "leaping"),
        "dancing": ("dancing",),
        "holding": ("holding {thing}",),
        "carrying": ("carrying {thing}",),
        "throwing": ("throwing {thing}", "tossing {thing}"),
        "kicking": ("kicking {thing}",),
        "opening": ("opening {thing}",),
        "reading": ("reading {thing}",),
        "calling with": ("talking on {thing}", "making a call on {thing}"),
        "photographing with": ("taking a photo with {thing}", "photographing with {thing}"),
        "playing": ("playing {thing}",),
        "drinking from": ("drinking from {thing}", "having a drink from {thing}"),
        "hugging": ("hugging {partner}", "embracing {partner}"),
        "shaking hands with": ("shaking hands with {partner}",),
        "fighting": ("fighting with {partner}", "fighting {partner}"),
        "dancing with": ("dancing with {partner}",),
        "talking to": ("talking to {partner}", "speaking to {partner}"),
        "giving": ("giving {partner} {thing}", "handing {partner} {thing}"),
    }
)
BARE_WORDS = MappingProxyType(
    {
        "reading": "reading",
        "calling with": "making a call",
        "photographing with": "taking a photo",
        "playing": "playing music",
        "drinking from": "drinking",
    }
)
TOGETHER_WORDS = MappingProxyType(
    {
        "hugging": ("hugging", "hugging each other"),
        "shaking hands with": ("shaking hands",),
        "fighting": ("fighting", "fighting with each other"),
        "dancing with": ("dancing together", "dancing with each other"),
    }
)


def add_article(words: str) -> str:
    """With "a" or "an" before it."""
    return f"{'an' if words[0].lower() in 'aeiou' else 'a'} {words}"


def make_plural(noun: str) -> str:
    """More than one of it."""
    if noun in PLURALS:
        return PLURALS[noun]
    if noun.endswith(("s", "x", "sh", "ch")):
        return f"{noun}es"
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}s"


def join_words(parts: Sequence[str]) -> str:
    """As "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def word_colour(colour: str, dice: Dice) -> str:
    """A colour, rarely by another name."""
    return dice.choose(COLOUR_WORDS.get(colour, (colour,)))


def word_thing(
    thing: ThingSight, dice: Dice, draft: Draft, details: Sequence[str], *, bare: bool = False
) -> str:
    """A group of things, as "two large red cars".

    `details` are among "colour", "size" (medium is never said), "count", "group" (only the group
    is named). Without "count" a group of many is "some"; `bare` leaves the article out.
    """
    draft.state_thing(thing, "thing")
    words = []
    if "size" in details and thing.size and thing.size in SIZE_WORDS:
        draft.state_thing(thing, f"size: {thing.size}")
        words.append(dice.choose(SIZE_WORDS[thing.size]))
    if "colour" in details:
        draft.state_thing(thing, f"colour: {thing.colour}")
        words.append(word_colour(thing.colour, dice))
    many = len(thing.ids) > 1
    noun = _word_kind(thing, dice, draft, vague="group" in details)
    words.append(make_plural(noun) if many else noun)
    if many and "count" in details and thing.is_counted:
        draft.state_thing(thing, f"count: {len(thing.ids)}")
        return " ".join([NUMBERS[len(thing.ids)], *words])
    text = " ".join(words)
    if bare:
        return text
    return f"some {text}" if many else add_article(text)


def _word_kind(thing: ThingSight, dice: Dice, draft: Draft, *, vague: bool) -> str:
    if vague and thing.group in GROUP_WORDS:
        draft.state_thing(thing, f"group: {thing.group}")
        return GROUP_WORDS[thing.group]
    draft.state_thing(thing, f"kind: {thing.kind}", f"group: {thing.group}")
    return dice.choose(THING_WORDS.get(thing.kind, (thing.kind,)))


def word_motion(thing: ThingSight) -> str:
    """What it does while it moves about, as "driving"."""
    return MOTIONS.get(thing.kind, "driving" if thing.group == "vehicle" else "moving")


def word_side(side: str, dice: Dice) -> str:
    """Where in the frame, as "on the left"."""
    if side == "middle":
        return dice.choose(("in the middle", "in the centre"))
    return dice.choose((f"on the {side}", f"on the {side}", f"on the {side} side"))


def word_gender(sight: PersonSight, dice: Dice, draft: Draft, *, vague: bool = False) -> str:
    """The noun for a person; a vague one says "person", or "child" of one."""
    gender = sight.look.gender
    if not sight.shows_gender or (vague and gender in ("man", "woman")):
        draft.state_person(sight.person, "person")
        return "person"
    if vague:
        draft.state_person(sight.person, "child")
        return dice.choose(("child", "kid"))
    draft.state_person(sight.person, gender)
    return dice.choose(GENDER_WORDS[gender])


def list_details(sight: PersonSight) -> list[str]:
    """What may be said of a person's look and clothes."""
    look, clothes = sight.look, sight.clothes
    found = ["hair"] if sight.shows_hair else []
    found += ["glasses"] if sight.shows_face and look.glasses != "none" else []
    found += ["beard"] if sight.shows_face and look.beard != "none" else []
    found += ["top"] if sight.shows_top else []
    is_one = clothes.top == "suit" and clothes.top_colour == clothes.bottom_colour
    shows_bottom = sight.shows_bottom and clothes.bottom != "dress" and not is_one
    found += ["bottom"] if shows_bottom else []
    found += ["hat"] if sight.shows_hat and look.hat != "none" else []
    return found


def word_person(
    sight: PersonSight, dice: Dice, draft: Draft, details: Sequence[str], *, vague: bool = False
) -> str:
    """A person with an article and these details, as "a bald man with a beard in a red coat"."""
    noun = word_gender(sight, dice, draft, vague=vague)
    has: list[str] = []
    wears: list[str] = []
    for detail in details:
        words = word_detail(sight, detail, dice, draft)
        if words == "bald":
            noun = f"bald {noun}"
        else:
            (wears if detail in ("top", "bottom", "hat") else has).append(words)
    text = add_article(noun)
    text += f" with {join_words(has)}" if has else ""
    if not wears:
        return text
    # Not "a bun in a red coat".
    link = "wearing" if has and "hair" in details else dice.choose(("in", "in", "wearing"))
    return f"{text} {link} {join_words(wears)}"


def word_detail(sight: PersonSight, detail: str, dice: Dice, draft: Draft) -> str:
    """One detail of a person's look or clothes, as "a red coat" or "bald"."""
    if detail == "hair":
        return _word_hair(sight, dice, draft)
    if detail == "glasses":
        words = dice.choose(GLASSES_WORDS[sight.look.glasses])
        shape = () if words == "glasses" else (f"glasses: {sight.look.glasses}",)
        draft.state_person(sight.person, "glasses", *shape)
        return words
    if detail == "beard":
        draft.state_person(sight.person, f"beard: {sight.look.beard}")
        return "a moustache" if sight.look.beard == "moustache" else "a beard"
    if detail == "hat":
        words = dice.choose(HAT_WORDS[sight.look.hat])
        shape = () if words == "hat" else (f"hat: {sight.look.hat}",)
        draft.state_person(sight.person, "hat", f"hat colour: {sight.look.hat_colour}", *shape)
        return add_article(f"{word_colour(sight.look.hat_colour, dice)} {words}")
    return _word_cloth(sight, detail, dice, draft)


def _word_hair(sight: PersonSight, dice: Dice, draft: Draft) -> str:
    look = sight.look
    draft.state_person(sight.person, f"hair: {look.hair}")
    if look.hair == "bald":
        return "bald"
    draft.state_person(sight.person, f"hair colour: {look.hair_colour}")
    return dice.choose(HAIR_WORDS[look.hair]).format(look.hair_colour)


def _word_cloth(sight: PersonSight, detail: str, dice: Dice, draft: Draft) -> str:
    clothes = sight.clothes
    kind = clothes.top if detail == "top" else clothes.bottom
    colour = clothes.top_colour if detail == "top" else clothes.bottom_colour
    draft.state_person(sight.person, f"{detail}: {kind}", f"{detail} colour: {colour}")
    words = f"{word_colour(colour, dice)} {dice.choose(TOP_WORDS.get(kind, (kind,)))}"
    return words if kind in ("trousers", "shorts") else add_article(words)


def word_act(
    sight: PersonSight, act: ActSight, dice: Dice, draft: Draft, partner: str | None = None
) -> str:
    """What a person does, as "reading a blue book"; `partner` is worded by the caller."""
    draft.state_person(sight.person, f"action: {act.action}")
    words = dice.choose(ACTION_WORDS[act.action])
    if act.thing is None and act.action in BARE_WORDS:
        return BARE_WORDS[act.action]
    return words.format(thing=_word_used(sight, act, dice, draft), partner=partner or "someone")


def _word_used(sight: PersonSight, act: ActSight, dice: Dice, draft: Draft) -> str:
    if act.thing is None:
        return "something"
    draft.state_person(sight.person, f"with: {act.thing}")
    noun = dice.choose(THING_WORDS.get(act.thing, (act.thing,)))
    if act.colour is None or dice.happens(0.3):
        return add_article(noun)
    draft.state_person(sight.person, f"with colour: {act.colour}")
    return add_article(f"{word_colour(act.colour, dice)} {noun}")
