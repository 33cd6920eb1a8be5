"""How deeds, people, places and relations are put into questions. Knows no films and no answers."""

from types import MappingProxyType

from bench.world.phrases import add_article
from bench.world.questions_facts import Deed, FilmFacts
from bench.world.whereabouts import PLACE_WORDS

# Infinitive and third person; {} stands for the partner or the thing with its article.
VERBS = MappingProxyType(
    {
        "walking": ("walk", "walks"),
        "running": ("run", "runs"),
        "waving": ("wave", "waves"),
        "sitting down": ("sit down", "sits down"),
        "jumping": ("jump", "jumps"),
        "dancing": ("dance alone", "dances alone"),
        "holding": ("hold {}", "holds {}"),
        "carrying": ("carry {}", "carries {}"),
        "throwing": ("throw a ball", "throws a ball"),
        "kicking": ("kick a ball", "kicks a ball"),
        "opening": ("open a door", "opens a door"),
        "reading": ("read a book", "reads a book"),
        "calling with": ("make a phone call", "makes a phone call"),
        "photographing with": ("take a photo", "takes a photo"),
        "playing": ("play the guitar", "plays the guitar"),
        "drinking from": ("drink from {}", "drinks from {}"),
        "hugging": ("hug {}", "hugs {}"),
        "shaking hands with": ("shake hands with {}", "shakes hands with {}"),
        "fighting": ("fight with {}", "fights with {}"),
        "dancing with": ("dance with {}", "dances with {}"),
        "talking to": ("talk to {}", "talks to {}"),
        "giving": ("give something to {}", "gives something to {}"),
    }
)
# What somebody does, as the answer to a question.
ANSWERS = MappingProxyType(
    {
        "calling with": "making a phone call",
        "photographing with": "taking a photo",
        "playing": "playing the guitar",
        "shaking hands with": "shaking hands",
        "dancing with": "dancing with somebody",
        "dancing": "dancing alone",
        "talking to": "talking to somebody",
        "hugging": "hugging somebody",
        "fighting": "fighting with somebody",
        "giving": "giving something away",
        "holding": "holding something",
        "carrying": "carrying something",
        "drinking from": "drinking",
        "throwing": "throwing a ball",
        "kicking": "kicking a ball",
        "opening": "opening a door",
        "reading": "reading a book",
    }
)
RELATION_WORDS = MappingProxyType(
    {
        "leader": ("boss", "boss"),
        "colleague": ("colleague", "colleague"),
        "parent": ("father", "mother"),
        "sibling": ("brother", "sister"),
        "couple": ("partner", "partner"),
        "friend": ("friend", "friend"),
        "opponent": ("enemy", "enemy"),
    }
)


class Wording:
    """Words for the people and deeds of one film."""

    def __init__(self, facts: FilmFacts) -> None:
        """Of this film."""
        self._names = dict(facts.names)
        self._genders = dict(facts.genders)

    def name(self, person: str) -> str:
        """What a person is called."""
        return self._names[person]

    def pronoun(self, person: str) -> str:
        """He or she."""
        return "he" if self._genders[person] in ("man", "boy") else "she"

    def do(self, deed: Deed) -> str:
        """As "hug Bob" or "read a book"."""
        return self._fill(VERBS[deed.action][0], deed)

    def does(self, deed: Deed) -> str:
        """As "hugs Bob" or "reads a book"."""
        return self._fill(VERBS[deed.action][1], deed)

    def relation(self, a: str, relation: str) -> str:
        """As "sister"; of a service there is no single word."""
        return RELATION_WORDS[relation][self._genders[a] not in ("man", "boy")]

    def _fill(self, words: str, deed: Deed) -> str:
        if deed.partner:
            return words.format(self._names[deed.partner])
        return words.format(add_article(deed.thing) if deed.thing else "somebody")


def word_there(place: str) -> str:
    """As "in the kitchen"."""
    preposition, noun = PLACE_WORDS[place][0]
    return f"{preposition} {noun if noun.startswith('the ') else f'the {noun}'}"


def word_action(action: str) -> str:
    """An action as an answer, as "reading a book"."""
    return ANSWERS.get(action, action)


def own(name: str) -> str:
    """As "Ann's" or "Nicholas'"."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"
