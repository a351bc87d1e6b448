"""Writing ads: a plan and a poster become a draft, a draft becomes texts with their gold spans.

The first ad of a poster is a fresh draft; later ones post it again in another city weeks later: word for word, with
small edits, or now and then anew. Spans are noted while the text is put together, never searched for afterwards.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from pipeline.sample.canaries import Canary
from pipeline.sample.disguise import write_email, write_phone, write_url
from pipeline.sample.plan import Plan
from pipeline.sample.posters import Poster
from pipeline.sample.templates import Pieces, Sentence, Slot, load, resolve
from pipeline.sample.text import GoldSpan, Value, Values, fill

FIRST_DAY = date(2026, 1, 5)
DAYS = 112
MAX_GAP = 20  # days between two ads of one poster
CURRENCIES = {"GB": "£"}
# What stands before a line, before the first contact and before further ones.
LAYOUTS = ((" ", " ", " "), (" ", "\n\n", " "), ("\n", "\n", "\n"), ("\n- ", "\n\n", "\n"))
SEPARATOR = "\n\n"  # between title and body, as ingest joins them


@dataclass(frozen=True, slots=True)
class Ad:
    """One synthetic ad with its gold labels and spans."""

    title: str = field(repr=False)
    body: str = field(repr=False)
    posted: date
    region: str
    category: str
    sector: str
    indicators: tuple[str, ...]
    evidence: str
    spans: tuple[GoldSpan, ...]
    poster: int
    language: str
    canary: Canary | None = field(repr=False)

    @property
    def text(self) -> str:
        """What the spans' offsets count into."""
        return self.title + SEPARATOR + self.body


@dataclass(frozen=True, slots=True)
class _Draft:
    """An ad before its slots are filled. Of its lines, the loose ones may be dropped or swapped."""

    title: Pieces
    opening: Pieces
    lines: tuple[tuple[Pieces, bool], ...]
    contacts: tuple[Pieces, ...]


def write_ads(plan: Plan, poster: Poster, rng: Random, canary: Canary | None = None) -> Iterator[Ad]:
    """The poster's `plan.ads` ads in order of posting, the first one with `canary`."""
    writer = _Writer(plan, poster, rng)
    first = writer.write(canary)
    yield first
    for turn in range(1, plan.ads):
        yield writer.post_again(first, turn)


class _Writer:
    """Writes one poster's ads."""

    def __init__(self, plan: Plan, poster: Poster, rng: Random) -> None:
        self.plan, self.poster, self.rng = plan, poster, rng
        self.sector, self.contacts = load().sectors[plan.sector], load().contacts
        suitable = [f for f in self.sector.families if f.shows is None or set(plan.indicators) <= set(f.shows)]
        self.family = rng.choice(suitable).text(plan.language)
        pools = self.contacts.slots[plan.language] | self.sector.slots[plan.language] | self.family.slots
        self.values = Values(pools, rng)
        self.day = FIRST_DAY + timedelta(days=rng.randrange(DAYS - MAX_GAP * (plan.ads - 1)))
        self.layout = rng.choice(LAYOUTS)
        self.lower, self.loud = rng.random() < 0.1, rng.random() < 0.08
        self.values.update(
            cur=CURRENCIES.get(poster.places[0].country, "$"),
            business=poster.business,
            person=Value(poster.person, "PERSON", "plain"),
            person_cue=Value(poster.person, "PERSON", "cue"),
            address=Value(poster.address, "ADDRESS", "plain"),
        )
        if poster.handle:
            self.values["handle"] = Value("@" + poster.handle, "HANDLE", "at")
            self.values["handle_cue"] = Value(poster.handle, "HANDLE", "cue")
        self._go_to(0)
        self._write_contacts(change=1)
        self.draft = self._draft()

    def write(self, canary: Canary | None = None) -> Ad:
        """The draft as an ad of the day."""
        contacts = self.draft.contacts
        if canary:
            self.values["canary"] = Value(canary.value, canary.entity, canary.style)
            contacts = (*contacts, canary.pieces())
        before_line, before_contacts, before_contact = self.layout
        title = self.draft.title
        body: list[str | Slot] = [*self.draft.opening]
        for line, _ in self.draft.lines:
            body += before_line, *line
        for index, contact in enumerate(contacts):
            body += before_contact if index else before_contacts, *contact
        title_text, spans = fill(title, self.values, str.upper if self.loud else str.lower if self.lower else None, 0)
        start = len(title_text) + len(SEPARATOR)
        body_text, more = fill(body, self.values, str.lower if self.lower else None, start)
        misfiled = self.rng.random() < 0.05
        sector = self.rng.choice(list(load().sectors.values())) if misfiled else self.sector
        return Ad(
            title=title_text,
            body=body_text,
            posted=self.day,
            region=self.place.region,
            category=sector.category,
            sector=self.plan.sector,
            indicators=self.plan.indicators or ("none",),
            evidence="insufficient" if self.plan.vague else "sufficient",
            spans=(*spans, *more),
            poster=self.poster.serial,
            language=self.plan.language,
            canary=canary,
        )

    def post_again(self, first: Ad, turn: int) -> Ad:
        """The ad of the `turn`-th repost, in the next place some days or weeks later."""
        self.day += timedelta(days=self.rng.randint(2, MAX_GAP))
        self._go_to(turn)
        chance = self.rng.random()
        if chance < 0.3 and not first.canary:
            return replace(first, posted=self.day, region=self.place.region)
        if chance > 0.94:
            self.draft = self._draft()
        else:
            self._edit()
        self._write_contacts(change=0.5)
        return self.write()

    def _go_to(self, turn: int) -> None:
        places = self.poster.places
        self.place = places[turn % len(places)]
        for offset, name in enumerate(("city", "city2", "city3")):
            self.values[name] = places[(turn + offset) % len(places)].city

    def _draft(self) -> _Draft:
        rng, language, shown = self.rng, self.plan.language, set(self.plan.indicators)
        observed = [i.observed[language] for i in self.sector.indicators if i.observed and i.id in shown]
        lines = [(resolve(_usual(sentences, rng), rng), False) for sentences in observed]
        if self.plan.vague:
            vague = self.sector.vague[language]
            title, opening = rng.choice(vague.titles), rng.choice(vague.sentences)
        else:
            title, opening = rng.choice(self.sector.titles[language]), rng.choice(self.family.openings)
            resembling = [i.lookalike[language] for i in self.sector.indicators if i.id not in shown]
            count = rng.choice((0, 0, 1) if shown else (0, 0, 1, 1, 2))
            loose = [rng.choice(sentences) for sentences in rng.sample(resembling, min(count, len(resembling)))]
            loose += rng.sample(self.family.details, min(rng.choice((1, 2, 2, 3)), len(self.family.details)))
            lines += [(resolve(sentence, rng), True) for sentence in loose]
            rng.shuffle(lines)
        self.heading = resolve(title, rng)
        if self.poster.phone and rng.random() < 0.06:
            self.heading = (*self.heading, " - ", Slot("phone", capital=False))
        return _Draft(self.heading, resolve(opening, rng), tuple(lines), self._contact_lines())

    def _contact_lines(self) -> tuple[Pieces, ...]:
        rng, poster, phrases = self.rng, self.poster, self.contacts.phrases[self.plan.language]
        kinds = [rng.choice(("phone", "phone_person"))] if poster.phone else ["email"]
        if not self.plan.vague:
            others = [("email", poster.email and poster.phone), ("url", poster.url), ("handle", poster.handle)]
            kinds += [kind for kind, given in others if given]
            if rng.random() < 0.25:
                kinds.append("address")
            if "phone_person" not in kinds and rng.random() < 0.3:
                kinds.append("person")
        return tuple(resolve(rng.choice(phrases[kind]), rng) for kind in kinds)

    def _edit(self) -> None:
        draft, rng = self.draft, self.rng
        lines = list(draft.lines)
        loose = [index for index, (_, is_loose) in enumerate(lines) if is_loose]
        match rng.choice(("title", "title", "drop", "swap", "price")):
            case "drop" if len(loose) > 1:
                del lines[rng.choice(loose)]
            case "swap" if loose:
                lines[rng.choice(loose)] = (resolve(rng.choice(self.family.details), rng), True)
            case "price":
                self.values.pop("price", None)
                self.values.pop("rate", None)
            case _:
                before, after = rng.choice(self.contacts.title_edits[self.plan.language])
                draft = replace(draft, title=(before, *self.heading, after))
        self.draft = replace(draft, lines=tuple(lines))

    def _write_contacts(self, change: float) -> None:
        poster, language, rng = self.poster, self.plan.language, self.rng
        if poster.phone and rng.random() < change:
            self.values["phone"] = _value("PHONE", write_phone(poster.phone, language, rng))
        if poster.email and rng.random() < change:
            self.values["email"] = _value("EMAIL", write_email(poster.email, language, rng))
        if poster.url and rng.random() < change:
            self.values["url"] = _value("URL", write_url(poster.url, language, rng))


def _value(entity: str, written: tuple[str, str]) -> Value:
    text, style = written
    return Value(text, entity, style)


def _usual(sentences: tuple[Sentence, ...], rng: Random) -> Sentence:
    """One of the sentences, the first ones more often: some wording is common and much is rare."""
    return sentences[int(len(sentences) * rng.random() ** 2.5)]
