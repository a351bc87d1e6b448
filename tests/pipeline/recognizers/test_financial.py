"""Cards, IBANs, wallets, IP addresses and digests. The numbers are the issuers' and registries' published examples."""

import pytest

from pipeline.recognizers.base import ViewRecognizer
from pipeline.recognizers.card import CardRecognizer
from pipeline.recognizers.crypto import CryptoRecognizer
from pipeline.recognizers.digest import DigestRecognizer
from pipeline.recognizers.iban import IbanRecognizer
from pipeline.recognizers.ip import IpRecognizer
from tests.pipeline.recognizers.trials import found

CARD, IBAN, CRYPTO, IP = CardRecognizer(), IbanRecognizer(), CryptoRecognizer(), IpRecognizer()
DIGEST = DigestRecognizer()

FOUND = [
    pytest.param(DIGEST, f"call #PHONE_{'5f2c' * 16}# now", ["5f2c" * 16], id="SHA-256"),
    pytest.param(DIGEST, f"mail {'5F2C' * 10}, or {'5f2c' * 8}", ["5F2C" * 10, "5f2c" * 8], id="SHA-1 and MD5"),
    pytest.param(DIGEST, f"{'5f2c' * 9} {'5f2c' * 8}g {'face' * 8}", [], id="no digests"),
    pytest.param(CARD, "pay 4111 1111 1111 1111 now", ["4111 1111 1111 1111"], id="Visa"),
    pytest.param(CARD, "4111-1111-1111-1111,5555555555554444", ["4111-1111-1111-1111", "5555555555554444"], id="two"),
    pytest.param(CARD, "3782 822463 10005", ["3782 822463 10005"], id="American Express"),
    pytest.param(CARD, "four 1 1 1, 1111 1111 one one one one", ["four 1 1 1, 1111 1111 one one one one"], id="words"),
    pytest.param(CARD, "４１１１ １１１１ １１１１ １１１１", ["４１１１ １１１１ １１１１ １１１１"], id="full width"),
    pytest.param(CARD, "card no. 123456789015", ["123456789015"], id="twelve digits after a cue"),
    pytest.param(CARD, "123456789015", [], id="twelve digits without a cue"),
    pytest.param(CARD, "4111 1111 1111 1112", [], id="wrong check digit"),
    pytest.param(CARD, "0000 0000 0000 0000", [], id="zeros"),
    pytest.param(IBAN, "to GB82 WEST 1234 5698 7654 32 only", ["GB82 WEST 1234 5698 7654 32"], id="spaced"),
    pytest.param(IBAN, "gb82west12345698765432", ["gb82west12345698765432"], id="lower case"),
    pytest.param(IBAN, "DE89-3704-0044-0532-0130-00.", ["DE89-3704-0044-0532-0130-00"], id="hyphens"),
    pytest.param(IBAN, "DE89370400440532013000 2 days", ["DE89370400440532013000"], id="digits after it"),
    pytest.param(IBAN, "GB83 WEST 1234 5698 7654 32", [], id="wrong check digits"),
    pytest.param(CRYPTO, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", ["1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"], id="Bitcoin"),
    pytest.param(
        CRYPTO,
        "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
        ["BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4"],
        id="bech32",
    ),
    pytest.param(
        CRYPTO,
        "eth:0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        ["0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"],
        id="Ethereum",
    ),
    pytest.param(CRYPTO, "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", ["TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"], id="TRON"),
    pytest.param(CRYPTO, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", [], id="wrong checksum"),
    pytest.param(CRYPTO, "commit 5f2c1351e2a55b1dba2a1eb5fae4fca213555012", [], id="hash"),
    pytest.param(IP, "at 192.0.2.44:8080, ok", ["192.0.2.44:8080"], id="IPv4"),
    pytest.param(IP, "192[.]0[.]2[.]44", ["192[.]0[.]2[.]44"], id="defanged"),
    pytest.param(IP, "2001:db8::1/64 and ::ffff:192.0.2.1", ["2001:db8::1/64", "::ffff:192.0.2.1"], id="IPv6"),
    pytest.param(IP, "10:30, 1:2:3:4, a::b::c, std::cout, 1.2.3", [], id="other"),
]


@pytest.mark.parametrize(("recognizer", "text", "expected"), FOUND)
def test_what_a_checksum_or_a_form_proves_is_found(recognizer: ViewRecognizer, text: str, expected: list[str]) -> None:
    assert found(recognizer, text) == expected
