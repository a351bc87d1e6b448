"""Who posts: places, contacts, a name and an address, all of which belong to nobody.

Numbers are from ranges set aside for fiction (see `places.yaml`), mailboxes and pages stand under example.com, .org and
.net (RFC 2606), handles hold the word "example", streets are invented. A poster's contacts depend only on its serial
number; mailboxes, pages and handles are never shared by two posters, numbers only beyond about 14,000 posters, when the
reserved ones are used up.
"""

from dataclasses import dataclass
from functools import cache
from random import Random

from pipeline.sample.disguise import Phone
from pipeline.sample.templates import Language, Place, load

LINES = 90  # 0100 to 0189; the rest of each area's reserved lines is kept for canaries
CALLING_CODES = {"US": "1", "CA": "1", "GB": "44", "AU": "61"}
DOMAINS = ("example.com", "example.org", "example.net")


@dataclass(frozen=True, slots=True)
class Poster:
    """One poster. `places`: where the ads are posted, home first; a contact the poster does not give is None."""

    serial: int
    language: Language
    places: tuple[Place, ...]
    business: str
    person: str
    address: str
    phone: Phone | None
    email: str | None
    url: str | None
    handle: str | None


def make_poster(serial: int, language: Language, rng: Random) -> Poster:
    """The poster with this serial number (contacts) and by chance (which of them are given, name, address)."""
    areas = _areas()
    turn, area = divmod(serial * 7919 % (len(areas) * LINES), len(areas))
    line = 100 + (turn * 7 + area * 13) % LINES
    circuit, home, dial = areas[area]
    elsewhere = [place for place in circuit if place is not home]
    slug, business = _names(serial, rng)
    domain = rng.choice(DOMAINS)
    chances = rng.random(), rng.random(), rng.random(), rng.random()
    has_phone = chances[0] < 0.92
    return Poster(
        serial=serial,
        language=language,
        places=(home, *rng.sample(elsewhere, min(3, len(elsewhere)))),
        business=business,
        person=_person(language, rng),
        address=_address(language, rng),
        phone=Phone(CALLING_CODES[home.country], (*dial, f"{line:04d}")) if has_phone else None,
        email=_email(slug, domain, language, rng) if chances[1] < 0.3 or not has_phone else None,
        url=rng.choice((f"{slug}.{domain}", f"{domain}/{slug}", f"{slug}.{domain}/info")) if chances[2] < 0.2 else None,
        handle=rng.choice((f"{slug}.example", f"example_{slug}", f"{slug}_example")) if chances[3] < 0.22 else None,
    )


@cache
def _areas() -> tuple[tuple[tuple[Place, ...], Place, tuple[str, str]], ...]:
    return tuple(
        (circuit, place, dial) for circuit in load().circuits.values() for place in circuit for dial in place.dial
    )


def _names(serial: int, rng: Random) -> tuple[str, str]:
    contacts = load().contacts
    firsts, seconds = contacts.first_words, contacts.second_words
    turn, pair = divmod(serial, len(firsts) * len(seconds))
    second, first = divmod(pair * 1009 % (len(firsts) * len(seconds)), len(firsts))
    slug = firsts[first] + seconds[second] + (str(turn + 1) if turn else "")
    return slug, f"{firsts[first].title()} {seconds[second].title()} {rng.choice(contacts.business_kinds)}"


def _person(language: Language, rng: Random) -> str:
    contacts = load().contacts
    given = rng.choice(contacts.given_names[language])
    chance = rng.random()
    if chance < 0.2:
        return f"{given} {rng.choice(contacts.surnames[language])}"
    return f"{given} {rng.choice('ABCDGHLMPRST')}" if chance < 0.3 else given


def _address(language: Language, rng: Random) -> str:
    streets = load().contacts.streets[language]
    name, kind, number = rng.choice(streets.names), rng.choice(streets.kinds), rng.randint(11, 4990)
    unit = rng.choice(streets.units).format(rng.randint(2, 48))
    return f"{number} {name} {kind}{unit}" if language == "en" else f"{kind} {name} {number}{unit}"


def _email(slug: str, domain: str, language: Language, rng: Random) -> str:
    word = rng.choice(load().contacts.email_words[language])
    return rng.choice((f"{slug}@{domain}", f"{word}@{slug}.{domain}", f"{word}.{slug}@{domain}"))
