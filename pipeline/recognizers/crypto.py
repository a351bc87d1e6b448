"""Addresses of crypto wallets, told by their checksums: base58 (Bitcoin, Litecoin, Dogecoin, Dash, TRON …) and bech32.

Ethereum's and Monero's are told by their form alone: the first has a checksum only where its letters differ in case,
the second one of a hash (Keccak) that Python does not come with.
"""

import re
from collections.abc import Iterator
from hashlib import sha256

from pipeline.normalize import shape
from pipeline.recognizers.base import ViewRecognizer

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE58_VALUES = {character: value for value, character in enumerate(_BASE58)}
_BECH32 = {character: value for value, character in enumerate("qpzry9x8gf2tvdw0s3jn54khce6mua7l")}
_BECH32_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_BECH32_CHECKS = {1, 0x2BC830A3}  # bech32 (BIP 173) and bech32m (BIP 350)
_TOKEN = re.compile(r"[A-Za-z0-9](?<![^\W_].)[A-Za-z0-9]{25,119}(?![^\W_])", re.ASCII)
_SHORTEST = b"a" * 26
_FORMS = re.compile(r"0x[\da-fA-F]{40}|[48][\dAB][1-9A-HJ-NP-Za-km-z]{93}")


class CryptoRecognizer(ViewRecognizer):
    """Finds the addresses of wallets."""

    ENTITY = "CRYPTO"

    def find(self, text: str) -> Iterator[tuple[int, int, float]]:
        """Every address with its score."""
        first = shape(text).replace(b"0", b"a").find(_SHORTEST)
        for match in _TOKEN.finditer(text, first) if first >= 0 else ():
            if _FORMS.fullmatch(match[0]) or _is_base58_checked(match[0]) or _is_bech32(match[0]):
                yield *match.span(), 1.0


def _is_base58_checked(address: str) -> bool:
    """Whether the last four of 25 or 26 bytes are the start of the others' double SHA-256 (Bitcoin's Base58Check)."""
    if not 26 <= len(address) <= 36 or not set(address) <= _BASE58_VALUES.keys():
        return False
    number = 0
    for character in address:
        number = number * 58 + _BASE58_VALUES[character]
    zeros = len(address) - len(address.lstrip("1"))
    raw = bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
    return len(raw) in {25, 26} and sha256(sha256(raw[:-4]).digest()).digest()[:4] == raw[-4:]


def _is_bech32(address: str) -> bool:
    """Whether the checksum of BIP 173 or BIP 350 is right."""
    prefix, one, data = address.lower().rpartition("1")
    if not one or len(data) < 20 or not prefix.isalpha() or not set(data) <= _BECH32.keys():
        return False
    if address not in {address.lower(), address.upper()}:
        return False
    values = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + [_BECH32[c] for c in data]
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_BECH32_GENERATOR):
            check ^= generator if top >> bit & 1 else 0
    return check in _BECH32_CHECKS
