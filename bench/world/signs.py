"""Words to be read in a film: boards on the stage, captions over the picture. Knows no pictures."""

from bench.world.dice import Dice

ANYWHERE = ("OPEN", "CLOSED", "EXIT {n}", "NO ENTRY", "PUSH", "WELCOME", "WAY OUT", "FOR SALE")
BOARDS = {
    "beach": ("LIFEGUARD", "NO SWIMMING", "ICE CREAM", "BOATS FOR HIRE"),
    "forest": ("TRAIL {n}", "KEEP TO THE PATH", "CAMP SITE", "NO FIRES"),
    "street": ("BAKERY", "HOTEL", "BANK", "PARKING", "BUS STOP {n}", "CINEMA", "{n} HIGH STREET"),
    "park": ("KEEP OFF THE GRASS", "CITY PARK", "PICNIC AREA", "NO DOGS"),
    "mountain": ("SUMMIT {n} KM", "CABLE CAR", "ROCK FALL", "LODGE"),
    "farm": ("FRESH EGGS", "GREEN FARM", "MILK AND CHEESE", "BEWARE OF THE BULL"),
    "harbour": ("PIER {n}", "FERRY", "FISH MARKET", "CUSTOMS"),
    "playground": ("PLAYGROUND", "NO BICYCLES", "AGES {n} AND UP", "SCHOOL"),
    "desert": ("WATER {n} KM", "NEXT FUEL {n} KM", "ROUTE {n}", "MOTEL"),
    "market": ("FRUIT", "FLOWERS", "BREAD", "ALL AT HALF PRICE", "STALL {n}"),
    "office": ("ROOM {n}", "MEETING", "RECEPTION", "FLOOR {n}", "ACCOUNTS"),
    "kitchen": ("MENU", "SUNDAY SOUP", "HOT", "TEA TIME"),
    "living room": ("HOME", "HAPPY BIRTHDAY", "FAMILY", "GOOD NIGHT"),
    "classroom": ("CLASS {n}", "QUIET PLEASE", "HISTORY", "EXAM TODAY"),
    "restaurant": ("MENU", "TABLE {n}", "RESERVED", "SPECIAL OF THE DAY", "PIZZA"),
    "library": ("LIBRARY", "SILENCE", "NEW BOOKS", "SHELF {n}", "RETURNS"),
    "hospital": ("WARD {n}", "EMERGENCY", "PHARMACY", "X-RAY", "VISITORS"),
    "garage": ("TYRES", "CAR WASH", "OIL CHANGE", "REPAIRS", "BAY {n}"),
}
CAPTIONS = (
    "{hour} o'clock", "One year later", "The next {time}", "{n} days earlier", "{month} {year}",
    "Monday", "Tuesday", "Friday", "Sunday", "{n} {month} {year}", "Part {n}", "The same evening",
    "Somewhere in the {side}", "Meanwhile", "Chapter {n}",
)  # fmt: skip
WORDS = {
    "hour": ("Six", "Seven", "Nine", "Eleven", "Two", "Four"),
    "time": ("morning", "day", "week", "summer", "winter"),
    "month": ("January", "March", "April", "June", "August", "October", "December"),
    "year": tuple(str(year) for year in range(1952, 2024, 3)),
    "side": ("north", "south", "east", "west"),
}


def write_board(dice: Dice, place: str) -> str:
    """What a board says at a place."""
    return _fill(dice, dice.choose(BOARDS[place] if dice.happens(0.75) else ANYWHERE))


def write_caption(dice: Dice) -> str:
    """When or where, as films say it."""
    return _fill(dice, dice.choose(CAPTIONS))


def _fill(dice: Dice, text: str) -> str:
    text = text.replace("{n}", str(dice.whole(2, 28)))
    for slot, choices in WORDS.items():
        text = text.replace(f"{{{slot}}}", dice.choose(choices))
    return text
