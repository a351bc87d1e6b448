"""Canaries: contacts of every kind that occur once in the corpus, so that a leak can be searched for.

Numbers end in 019x, which no poster has. Card and IBAN are the published examples with valid check digits (the card
networks' test number; the IBAN registry's example for Great Britain), the IP address is from TEST-NET-1 (RFC 5737).
"""

from dataclasses import dataclass
from random import Random

from pipeline.sample.disguise import Phone, write_email, write_phone, write_url
from pipeline.sample.templates import Pieces, Slot


@dataclass(frozen=True, slots=True)
class Canary:
    """A value as written in one ad, and the sentence that carries it (`{}` stands for the value)."""

    kind: str
    entity: str
    style: str
    value: str
    sentence: str

    def pieces(self) -> Pieces:
        """The sentence with a slot named `canary`."""
        before, after = self.sentence.split("{}")
        return before, Slot("canary", capital=False), after


def canaries() -> tuple[Canary, ...]:
    """One canary of each kind; always the same."""
    rng = Random("canaries")
    made = []
    for number, style in enumerate(("plain", "words", "spaced", "leet", "emoji", "fullwidth", "zero-width")):
        value, _ = write_phone(Phone("1", ("406", "555", f"{190 + number:04d}")), "en", rng, style)
        made.append(Canary(f"phone_{style.replace('-', '_')}", "PHONE", style, value, "Second number: {} (evenings)."))
    for name, style in (("marrowfat", "plain"), ("pennyroyal", "at-dot"), ("goosegrass", "brackets")):
        value, _ = write_email(f"{name}@canary.example.org", "en", rng, style)
        made.append(Canary(f"email_{style.replace('-', '_')}", "EMAIL", style, value, "Or write to {} instead."))
    for name, style in (("saltmarsh-pipit", "plain"), ("stonechat", "dot")):
        value, _ = write_url(f"{name}.canary.example.net", "en", rng, style)
        made.append(Canary(f"url_{style}", "URL", style, value, "Our old page is {} for now."))
    return (
        *made,
        Canary("handle", "HANDLE", "at", "@example_wrybill_dotterel", "Also {} on most networks."),
        Canary("person", "PERSON", "cue", "Zorelia Quenbright", "On weekends ask for {}."),
        Canary("address", "ADDRESS", "plain", "7313 Wendlestrake Avenue, Unit 908", "Letters to {} please."),
        Canary("ip", "IP", "plain", "192.0.2.146", "If the page is down try {} directly."),
        Canary("card", "CARD", "plain", "4111 1111 1111 1111", "Refunds go to the card {} only."),
        Canary("iban", "IBAN", "plain", "GB82 WEST 1234 5698 7654 32", "Transfers to {} are fine too."),
    )
