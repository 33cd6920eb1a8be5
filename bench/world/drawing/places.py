"""The places of the world as backgrounds: which painter paints which place.

Knows nothing of people and things: they are drawn over it.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from bench.world.drawing.brush import Brush
from bench.world.drawing.places_indoors import paint_kitchen, paint_living_room, paint_office
from bench.world.drawing.places_indoors_learning import paint_classroom, paint_library
from bench.world.drawing.places_indoors_public import (
    paint_garage,
    paint_hospital,
    paint_restaurant,
)
from bench.world.drawing.places_outdoors import (
    paint_beach,
    paint_forest,
    paint_mountain,
    paint_park,
)
from bench.world.drawing.places_outdoors_dry import paint_desert
from bench.world.drawing.places_outdoors_town import paint_farm, paint_playground, paint_street
from bench.world.drawing.places_outdoors_trade import paint_harbour, paint_market
from bench.world.drawing.places_scene import Scene
from bench.world.drawing.sky import find_light, paint_sky
from bench.world.drawing.weather import draw_weather
from bench.world.plan import Setting

__all__ = ["PAINTERS", "draw_weather", "find_light", "paint_place"]

PAINTERS: Mapping[str, Callable[[Scene], None]] = MappingProxyType(
    {
        "beach": paint_beach,
        "forest": paint_forest,
        "street": paint_street,
        "park": paint_park,
        "mountain": paint_mountain,
        "farm": paint_farm,
        "harbour": paint_harbour,
        "playground": paint_playground,
        "desert": paint_desert,
        "market": paint_market,
        "office": paint_office,
        "kitchen": paint_kitchen,
        "living room": paint_living_room,
        "classroom": paint_classroom,
        "restaurant": paint_restaurant,
        "library": paint_library,
        "hospital": paint_hospital,
        "garage": paint_garage,
    }
)


def paint_place(brush: Brush, setting: Setting) -> None:
    """Paint all that the brush sees of a setting's place; the same picture every time.

    Raises:
        KeyError: there is no such place.
    """
    painter = PAINTERS[setting.place]
    if setting.time is not None:
        paint_sky(brush, setting)
    painter(Scene(brush, setting))
