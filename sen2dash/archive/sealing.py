"""Encrypt bytes with a passphrase or a key, and decrypt them: AES-256-GCM, with keys from passphrases made by scrypt.

A sealed file is a header in clear and the encrypted bytes. The header names the format, its version and how the key is
made; it is authenticated with the rest, so no byte can be changed unnoticed. Each file has its own salt and nonce. The
numbers in the header are limited before they are used: a hostile file cannot ask for more memory than that.
Records of the archive are sealed with a key that is already there, so they have no header: a nonce, then the bytes.
"""

from __future__ import annotations

import secrets
import struct
import threading
import unicodedata
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from sen2dash.errors import BadWorkingFile

MAGIC = b"SEN2DASH-WORK"
VERSION = 1
KEY_BYTES, SALT_BYTES, NONCE_BYTES, TAG_BYTES = 32, 16, 12, 16
#: Version, the logarithm of n, r, p, salt and nonce.
HEADER = struct.Struct(f">HBBB{SALT_BYTES}s{NONCE_BYTES}s")
START = len(MAGIC) + HEADER.size
#: The most that AES-GCM is given at once: the library refuses more.
MAX_BYTES = 2**31 - 1 - TAG_BYTES
MIN_LENGTH, MAX_LENGTH = 12, 1_000
#: One key is made at a time: each takes 128 MB.
_DERIVING = threading.Lock()


class WrongPassphrase(BadWorkingFile):
    """The passphrase is wrong, or the file is damaged."""


class Cost(NamedTuple):
    """The parameters of scrypt, as in RFC 7914. n is 2 to the power of log_n."""

    log_n: int
    r: int
    p: int


COST = Cost(log_n=17, r=8, p=1)
#: The most that a file may ask for: 256 MB.
MAX_COST = Cost(log_n=18, r=8, p=2)


def seal(data: bytes, passphrase: str, cost: Cost = COST) -> bytes:
    """Encrypt bytes. cost: lower only in tests."""
    salt, nonce = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(NONCE_BYTES)
    header = MAGIC + HEADER.pack(VERSION, *cost, salt, nonce)
    return header + AESGCM(derive(passphrase, salt, cost)).encrypt(nonce, data, header)


def unseal(data: bytes, passphrase: str) -> bytes:
    """Decrypt bytes. Errors: BadWorkingFile."""
    if not data.startswith(MAGIC):
        raise BadWorkingFile(
            "This is not a working file",
            "It does not begin as the files that sen2dash saves.",
            "Choose the file that ends in .sen2dash, as you saved it from the page Your return.",
        )
    if len(data) < START + TAG_BYTES:
        raise BadWorkingFile(
            "The working file is damaged",
            f"It has only {len(data):,} bytes: its end is missing.",
            "Copy it again from where you saved it.",
        )
    version, log_n, r, p, salt, nonce = HEADER.unpack(data[len(MAGIC) : START])
    if version != VERSION:
        raise newer()
    cost = Cost(log_n, r, p)
    if not is_allowed(cost):
        raise BadWorkingFile(
            "The working file is damaged",
            "Its header asks for more memory than sen2dash allows.",
            "Copy it again from where you saved it. Do not open a working file that you do not expect.",
        )
    try:
        return AESGCM(derive(passphrase, salt, cost)).decrypt(nonce, data[START:], data[:START])
    except InvalidTag:
        raise WrongPassphrase(
            "The working file cannot be opened",
            "The passphrase is wrong, or the file is damaged: the two look the same.",
            "Type the passphrase again, with the same capital letters and spaces. If you are sure of it, copy the file "
            "again from where you saved it.",
        ) from None


def seal_record(data: bytes, key: bytes, about: bytes) -> bytes:
    """Encrypt one record with a key of 32 bytes. about: what it is; it opens only with the same words.

    Returns the nonce, new for each record, and the encrypted bytes.
    """
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, data, about)


def unseal_record(sealed: object, key: bytes, about: bytes) -> bytes | None:
    """Decrypt what `seal_record` made; None if it is damaged, is another record, or has another key.

    sealed: bytes, or whatever a damaged database holds in their place.
    """
    if not isinstance(sealed, bytes) or len(sealed) < NONCE_BYTES + TAG_BYTES:
        return None
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about)
    except InvalidTag:
        return None


def is_allowed(cost: Cost) -> bool:
    """Whether a key may be made at this cost: what is stored is limited before it is used.

    Scrypt itself needs an n below 2 to the power of 16 r (RFC 7914).
    """
    is_low = all(1 <= asked <= most for asked, most in zip(cost, MAX_COST, strict=True))
    return is_low and cost.log_n < 16 * cost.r


def newer() -> BadWorkingFile:
    """Return the error for a file that this release cannot read."""
    return BadWorkingFile(
        "The working file is from a newer release",
        "It contains a part that this release cannot read.",
        "Open it with the release that saved it, or ask your administrator to install the newest one.",
    )


def derive(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    """Make a key of 32 bytes from a passphrase with scrypt. At n = 2^17 it takes half a second and 128 MB."""
    # Keyboards and systems write accented letters in two ways.
    text = unicodedata.normalize("NFC", passphrase[:MAX_LENGTH]).encode("utf-8", "surrogatepass")
    with _DERIVING:
        return Scrypt(salt=salt, length=KEY_BYTES, n=2**cost.log_n, r=cost.r, p=cost.p).derive(text)
