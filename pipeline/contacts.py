"""Contacts as the normal form that their token is made of, with what a phone number's prefix says.

Country and line type are libphonenumber's, the region is that of a North American area code: what research on numbers
needs, taken before the number itself is discarded.
"""

from functools import lru_cache

import phonenumbers

from pipeline.area_codes import REGIONS
from pipeline.normalize import digit_view, squash, view
from pipeline.recognizers import email, handle, payment, phone, url
from pipeline.records import Contact

# Contacts are linked across ads by a keyed token of their normal form; of a person's name no token is made.
KINDS = ("PHONE", "EMAIL", "URL", "HANDLE", "PAYMENT", "CARD", "IBAN", "CRYPTO", "IP")

_NORTH_AMERICA = 1  # country calling code of the North American Numbering Plan


def contact(kind: str, index: int, covered: str, phone_regions: tuple[str, ...]) -> Contact:
    """The contact written as `covered`, with the place and line type of a phone number."""
    value = normal_form(kind, covered, phone_regions)
    return Contact(kind, index, value, *(locate(value) if kind == "PHONE" else ()))


@lru_cache(maxsize=8_192)
def normal_form(entity: str, covered: str, phone_regions: tuple[str, ...]) -> str:
    """What makes two writings of a value the same: E.164 of a phone number, the typed form of an address, …"""
    match entity:
        case "PHONE":
            return phone.normal_form(digit_view(covered).text, list(phone_regions))
        case "EMAIL":
            return email.normal_form(view(covered).text)
        case "URL":
            return url.normal_form(view(covered).text)
        case "HANDLE":
            return handle.normal_form(view(covered).text)
        case "PAYMENT":
            return payment.normal_form(view(covered).text)
        case _:
            return squash(covered)


@lru_cache(maxsize=8_192)
def locate(number: str) -> tuple[str | None, str | None, str | None]:
    """Country (ISO 3166-1 alpha-2), region (ISO 3166-2) and line type of a number in E.164; None for what is unknown.

    The region is known in the United States and Canada only.
    """
    if not number.startswith("+"):
        return None, None, None
    parsed = phonenumbers.parse(number)
    country = phonenumbers.region_code_for_number(parsed)
    region = REGIONS.get(number[2:5]) if parsed.country_code == _NORTH_AMERICA else None
    line_type = phonenumbers.PhoneNumberType.to_string(phonenumbers.number_type(parsed)).lower()
    return (
        country if country and country.isalpha() else None,  # "001": of no country
        region,
        None if line_type == "unknown" else line_type,
    )
