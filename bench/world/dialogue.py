"""What people say: lines by topic, and now and then a word that tells who the other one is.

Topics belong to groups of relations, not to one (`habits.py`); only the rare telling lines name
a relation. Knows no times and no faces.
"""

from bench.world.dice import Dice

LINES = {
    "duties": (
        "Have you finished the {task}?", "The {task} must be done by {day}.",
        "I asked you about the {task} on {day}.", "Do the {task} again, please.",
        "You are late. It is {hour} already.", "Be here at {hour} on {day}.",
        "I expect the {task} by {hour}.", "That is not how we do the {task}.",
        "You did well with the {task}.", "I am proud of your {task}.",
        "Did you forget the {task}?", "First the {task}, then we will see.",
        "You know the rules.", "No, not before {day}.", "Listen to me for a moment.",
        "Show me the {task}.", "Please take this more seriously.", "Who allowed you to do that?",
        "I will finish the {task}, I promise.", "May I leave at {hour}?",
        "I am sorry about the {task}.", "Must I really do it by {day}?",
        "Tell me when the {task} is ready.", "You can do better than that.",
        "Next time you ask me before.", "The {task} will not do itself.",
        "Tidy this up, please.", "You may go now.", "I was waiting for you until {hour}.",
        "Write it down so that you do not forget.",
    ),
    "wishes": (
        "Would you like some {food}?", "The {food} is very good today.",
        "Shall I bring you the {food}?", "What would you like on {day}?",
        "Anything else that you wish for?", "I would love some {food}.",
        "Just as you like it.", "Here is your {food}.", "Thank you, that is very kind.",
        "Take your time, there is no hurry.", "Would {hour} suit you?",
        "Is everything all right?", "I kept the best {food} for you.",
        "You have excellent taste.", "Could I have a little more {food}?",
        "Let me take your coat.", "Please sit down, I will see to it.",
        "I reserved a table for {day}.", "How was the {food}?", "It was perfect, thank you.",
        "Which one do you like best?", "The blue one suits you.", "It is a pleasure.",
        "I hope to see you on {day}.", "Do you want it warm or cold?",
        "This is exactly what I wanted.", "May I offer you some {food}?",
        "Tell me if you need anything.", "A little surprise for you.", "Mind the step, please.",
    ),
    "bargains": (
        "The {deal} has to be signed by {day}.", "What does the {deal} cost us?",
        "They want {number} for the {deal}.", "I do not agree about the {deal}.",
        "We open the {deal} at {hour}.", "Half of the {deal} is mine.",
        "Let us see the numbers first.", "Page {number} of the {deal} is wrong.",
        "Who wrote this part of the {deal}?", "The {deal} is worth twice as much.",
        "I need your vote on {day}.", "Give me {number} days for it.",
        "The others will not accept the {deal}.", "I have read the {deal} twice.",
        "That was never our plan.", "So who pays for the {deal}?", "Put that in writing.",
        "The meeting is at {hour}.", "We cannot wait until {day}.",
        "I had {number} calls about the {deal}.", "That is your side of the {deal}.",
        "Check the {deal} once more.", "Let us talk about the price.",
        "The judge decides on {day}.", "My figures say {number}.", "Where are the papers?",
        "I will not sign anything today.", "Everybody knows about the {deal}.",
        "We both want the same thing.", "I heard your offer.",
    ),
    "memories": (
        "Do you remember {event}?", "I still laugh about {event}.",
        "You were so funny at {event}.", "I found a picture of {event}.",
        "That was {number} years ago.", "You always took the last piece.",
        "Remember how we climbed out of the window?", "We were so young at {event}.",
        "You still owe me for {event}.", "Nobody ever found out about {event}.",
        "I bet you cannot do it any more.", "You were always the faster one.",
        "Last one there pays.", "You have not changed at all.", "Stop it, that tickles!",
        "What a day {event} was.", "I kept your old bicycle.", "Do you still play?",
        "You never could keep a secret.", "We should do that again on {day}.",
        "Guess whom I met on {day}.", "It rained all through {event}.",
        "I can still see your face.", "That was my idea, not yours.",
        "You broke it, and I was blamed.", "We shared everything then.",
        "I will beat you this time.", "You cheated at {event}.", "It feels like yesterday.",
        "Come on, just like in the old days.",
    ),
    "weather": (
        "It may rain on {day}.", "What a lovely {part}.", "It is getting late.",
        "Did you sleep well?", "The bus was late again.", "It is colder than on {day}.",
        "I walked all the way.", "How are you today?", "I am a little tired.",
        "Look at the sky.", "Good to see you.", "See you on {day}.", "What time is it?",
        "It is {hour}, I think.", "I have to go soon.", "So here we are.", "Well, well.",
        "Have you been here before?", "The road was closed.", "Let us go on.", "Yes, I think so.",
        "No, not really.", "That is a nice {part}.", "Can you hear that?",
    ),
}  # fmt: skip
WORDS = {
    "task": ("list", "drawing", "letter", "exercise", "report", "cleaning", "reading", "plan"),
    "day": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "hour": ("seven", "eight", "nine", "ten", "eleven", "noon", "four", "five", "half past six"),
    "food": ("soup", "cake", "tea", "coffee", "fish", "salad", "bread", "chocolate", "wine"),
    "deal": ("contract", "offer", "house", "project", "budget", "land", "case", "boat"),
    "number": ("three", "twelve", "twenty", "thirty", "five", "forty", "seven"),
    "event": (
        "the camp", "the school play", "that summer", "the long journey", "the big match",
        "the old house", "the snow", "that night by the lake",
    ),
    "part": ("morning", "day", "place", "evening", "view"),
}  # fmt: skip
# Telling lines of (a, b) of a relation, by which of them speaks.
TELLING = {
    "leader": (("I am your boss, after all.", "Tell the rest of my team."),
               ("Yes, boss.", "You are the boss.", "Right away, chief.")),
    "colleague": (("We have worked together for {number} years.", "Our boss is out today."),
                  ("You are the best colleague here.", "Our desk, our work.")),
    "service": (("Your bill, please.", "Welcome, dear guest."),
                ("Waiter, the bill!", "I am a customer here.")),
    "parent": (("My child, come here.", "You are still my little one."),
               ("Yes, dad.", "But mum always said so.", "You are my parent, I know.")),
    "sibling": (("I am telling mum!", "You are my family, like it or not."),
                ("Dad liked you better.", "We have the same grandmother.")),
    "couple": (("Good morning, darling.", "I love you.", "Our wedding was on a {day}."),
               ("Darling, look at me.", "I love you too.", "Kiss me.")),
    "friend": (("You are my best friend.", "What are friends for?"),
               ("Thanks, mate.", "My friend, at last!")),
    "opponent": (("I will never forgive you.", "You are my enemy."),
                 ("You will lose.", "Get out of my way.")),
}  # fmt: skip


def write_line(dice: Dice, topic: str, listener: str) -> str:
    """A line on a topic; one in eight calls the listener by name."""
    line = _fill(dice, dice.choose(LINES[topic]))
    if not dice.happens(0.125):
        return line
    if line.endswith(".") and dice.happens(0.5):
        return f"{line[:-1]}, {listener}."
    return f"{listener}! {line}"


def write_telling_line(dice: Dice, relation: str, *, is_first: bool) -> str:
    """A line that gives a relation away, said by its `a` (first) or its `b`."""
    return _fill(dice, dice.choose(TELLING[relation][0 if is_first else 1]))


def _fill(dice: Dice, line: str) -> str:
    for slot, choices in WORDS.items():
        if f"{{{slot}}}" in line:
            line = line.replace(f"{{{slot}}}", dice.choose(choices))
    return line
