"""First names and films' titles; names belong to one split for ever. Knows no looks, no stories."""

from bench.world.dice import Dice

SPLITS = ("train", "validation", "test")
MALE = (
    "Adam", "Albert", "Alfred", "Andrew", "Anton", "Arthur", "Bernard", "Boris", "Bruno", "Carlos",
    "Cedric", "Colin", "Conrad", "Damian", "David", "Dennis", "Dominic", "Edgar", "Edmund", "Emil",
    "Enzo", "Erik", "Felix", "Finn", "Frederick", "Gareth", "George", "Gilbert", "Gordon", "Gustav",
    "Hamish", "Harold", "Hector", "Henry", "Hugo", "Igor", "Isaac", "Ivan", "Jacob", "Jonas",
    "Julian", "Kamal", "Karim", "Keith", "Kenji", "Laurence", "Leon", "Lionel", "Lucas", "Magnus",
    "Malik", "Marcel", "Martin", "Mateo", "Maurice", "Milo", "Nathan", "Neil", "Nikolai", "Oliver",
    "Omar", "Oscar", "Otto", "Pablo", "Patrick", "Percy", "Philip", "Quentin", "Rafael", "Ralph",
    "Rashid", "Reuben", "Roland", "Rupert", "Samuel", "Sanjay", "Sebastian", "Simon", "Stefan",
    "Theodore", "Thomas", "Tobias", "Trevor", "Ulrich", "Victor", "Vincent", "Walter", "Wilfred",
    "Xavier", "Yusuf",
)  # fmt: skip
FEMALE = (
    "Abigail", "Ada", "Agnes", "Alice", "Amina", "Anita", "Ann", "Astrid", "Audrey", "Beatrice",
    "Bella", "Bridget", "Camilla", "Carla", "Celia", "Chloe", "Clara", "Cora", "Daphne", "Deborah",
    "Diana", "Dora", "Edith", "Elena", "Eleanor", "Elsa", "Emma", "Esther", "Fatima", "Fiona",
    "Florence", "Frances", "Freya", "Gemma", "Gloria", "Greta", "Hannah", "Harriet", "Helen",
    "Hilda", "Ida", "Imogen", "Ingrid", "Irene", "Isabel", "Jane", "Joanna", "Josephine", "Judith",
    "Julia", "Karen", "Kiran", "Laura", "Leila", "Linda", "Lucy", "Lydia", "Mabel", "Margaret",
    "Maria", "Martha", "Matilda", "Miriam", "Monica", "Nadia", "Naomi", "Nina", "Nora", "Olivia",
    "Paula", "Petra", "Phoebe", "Priya", "Rachel", "Rebecca", "Rita", "Rosalind", "Sarah", "Selma",
    "Sheila", "Silvia", "Sonia", "Susan", "Tamara", "Tessa", "Ursula", "Valerie", "Vera", "Yasmin",
    "Zoe",
)  # fmt: skip

_TITLE_FIRST = (
    "Silent", "Last", "Golden", "Hidden", "Broken", "Distant", "Little", "Winding", "Crooked",
    "Faithful", "Wandering", "Forgotten", "Patient", "Restless", "Borrowed", "Careless", "Second",
    "Lonely", "Merry", "Sunken", "Stubborn", "Wild", "Gentle", "Bitter", "Honest", "Clever",
    "Curious", "Hollow", "Narrow", "Early", "Famous", "Foreign", "Humble", "Idle", "Modest",
    "Noble", "Proud", "Quiet", "Rusty", "Sleeping", "Tangled", "Uncertain", "Velvet", "Weary",
    "Whispering", "Yearly", "Endless", "Paper",
)  # fmt: skip
_TITLE_LAST = (
    "Journey", "Summer", "Letter", "Promise", "Garden", "Stranger", "Window", "Bargain", "Visit",
    "Winter", "Neighbour", "Holiday", "Secret", "Morning", "Corner", "Answer", "Melody", "Evening",
    "Lesson", "Island", "Wedding", "Contract", "Reunion", "Bridge", "Mistake", "Guest", "Harvest",
    "Return", "Errand", "Parcel", "Weekend", "Rumour", "Recipe", "Voyage", "Riddle", "Shadow",
    "Invitation", "Orchard", "Witness", "Festival", "Compass", "Apprentice", "Birthday", "Crossing",
    "Lantern", "Rehearsal", "Truce",
)  # fmt: skip
_TITLE_FORMS = ("The {0} {1}", "A {0} {1}", "One {0} {1}", "{0} {1}", "The {1} of {0} Street")


def names_of(split: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The male and the female names of a split; no name is in two.

    Raises:
        ValueError: there is no such split.
    """
    if split not in SPLITS:
        raise ValueError(f"There is no split {split!r}, only {', '.join(SPLITS)}.")
    at = SPLITS.index(split)
    return MALE[at :: len(SPLITS)], FEMALE[at :: len(SPLITS)]


def title_of(seed: int, split: str, number: int) -> str:
    """The title of a film; no two of the first 11,000 of a split have the same."""
    counts = len(_TITLE_FIRST), len(_TITLE_LAST), len(_TITLE_FORMS)
    every = counts[0] * counts[1] * counts[2]
    # 6971 is a prime that does not divide `every`: a walk that comes everywhere before it repeats.
    at = (Dice(seed, split, "titles").whole(0, every - 1) + number * 6971) % every
    form, rest = at % counts[2], at // counts[2]
    words = _TITLE_FIRST[rest % counts[0]], _TITLE_LAST[rest // counts[0]]
    return _agree(_TITLE_FORMS[form].format(*words))


def _agree(title: str) -> str:
    starts_open = title.startswith("A ") and (title[2] in "AEIOU" or title[2:8] == "Honest")
    return "An" + title[1:] if starts_open else title
