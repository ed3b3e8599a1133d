"""The time zone of a place, as people name it: a city, a country with one zone, or the zone itself."""

import re
from functools import cache
from zoneinfo import available_timezones

_MORE = {
    "America/New_York": "boston|washington|washington dc|dc|miami|philadelphia|atlanta|nyc|orlando|east coast|us "
    "eastern",
    "America/Chicago": "houston|dallas|austin|minneapolis|new orleans|central|us central",
    "America/Denver": "salt lake city|mountain|us mountain",
    "America/Los_Angeles": "san francisco|sf|seattle|la|san diego|portland|las vegas|california|west coast|us pacific",
    "America/Toronto": "ottawa|montreal|quebec",
    "America/Vancouver": "victoria",
    "America/Sao_Paulo": "rio|rio de janeiro|brasilia|são paulo",
    "America/Mexico_City": "mexico",
    "Europe/London": "uk|england|britain|manchester|edinburgh|birmingham|glasgow|united kingdom",
    "Europe/Berlin": "munich|hamburg|frankfurt|cologne|germany|central european|stuttgart|dusseldorf",
    "Europe/Paris": "france|lyon|marseille|nice",
    "Europe/Madrid": "spain|barcelona|valencia|seville",
    "Europe/Rome": "italy|milan|naples|florence|turin|venice",
    "Europe/Amsterdam": "netherlands|rotterdam|the hague|holland|utrecht",
    "Europe/Zurich": "switzerland|geneva|basel|bern",
    "Europe/Vienna": "austria|salzburg|graz",
    "Europe/Dublin": "ireland",
    "Europe/Lisbon": "porto|portugal",
    "Europe/Warsaw": "poland|krakow",
    "Europe/Athens": "greece",
    "Europe/Istanbul": "turkey|ankara|izmir",
    "Europe/Kyiv": "kiev|ukraine",
    "Asia/Dubai": "abu dhabi|uae|al ain|sharjah|emirates",
    "Asia/Riyadh": "saudi|saudi arabia|jeddah|mecca",
    "Asia/Kolkata": "india|mumbai|delhi|new delhi|bangalore|bengaluru|chennai|hyderabad|pune|indian|ist",
    "Asia/Karachi": "lahore|islamabad|pakistan",
    "Asia/Shanghai": "beijing|shenzhen|guangzhou|china",
    "Asia/Tokyo": "osaka|kyoto|japan",
    "Asia/Seoul": "korea|south korea|busan",
    "Asia/Singapore": "sg",
    "Asia/Ho_Chi_Minh": "saigon|hanoi|vietnam",
    "Asia/Jerusalem": "tel aviv|israel",
    "Australia/Sydney": "canberra",
    "Africa/Johannesburg": "cape town|south africa|durban",
    "Africa/Cairo": "egypt|alexandria",
    "Africa/Lagos": "nigeria|abuja",
    "Africa/Nairobi": "kenya",
}
_CONTINENTS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


def place_zone(place: str) -> str | None:
    """The IANA name; None for a place that is not known."""
    words = re.sub(r"[ _]+", " ", place.strip().lower().removeprefix("the "))
    return _zones().get(words)


@cache
def _zones() -> dict[str, str]:
    found: dict[str, str] = {}
    for zone in sorted(available_timezones()):
        name = zone.replace("_", " ").lower()
        found[name] = zone
        if zone.startswith(_CONTINENTS) and "/" in zone:
            found.setdefault(name.rsplit("/", 1)[1], zone)
    found |= {word: zone for zone, words in _MORE.items() for word in words.split("|")}
    return found
