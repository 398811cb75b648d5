"""The keys of the archive: a random data key seals every record, and an officer's or server's own key wraps it.

So the passphrase or the key file can be changed without touching a return. Nobody can recover either.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sen2dash.archive import sealing
from sen2dash.archive.sealing import COST, KEY_BYTES, Cost
from sen2dash.config import Settings
from sen2dash.errors import BadArchive, WrongKey
from sen2dash.text import printable

#: The format of sealed records and of the key record.
FORMAT = 1
SALT_BYTES = 16
HEX_KEY = re.compile(rf"[0-9a-fA-F]{{{2 * KEY_BYTES}}}")


def about(kind: str, *names: str) -> bytes:
    """What a record is, for its seal: a record under another id, kind or format does not open."""
    return "\0".join(("sen2dash archive", str(FORMAT), kind, *names)).encode()


@dataclass(frozen=True)
class Secret:
    """What an officer or a server opens the archive with. text: the passphrase. key: the 32 bytes of a key file."""

    kind: Literal["passphrase", "key_file"]
    text: str = field(default="", repr=False)
    key: bytes = field(default=b"", repr=False)

    def wrapping_key(self, salt: bytes, cost: Cost) -> bytes:
        """Return the key that wraps the data key."""
        return self.key if self.kind == "key_file" else sealing.derive(self.text, salt, cost)


class DataKey:
    """The key that seals the records. It is never written or shown."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._fingerprints = self._made_from("fingerprints")
        #: Says in plain which key a record was sealed with, and nothing of the key.
        self.key_id = self._made_from("key id").hex()

    def seal(self, data: bytes, kind: str, *names: str) -> bytes:
        """Seal a record with a new nonce."""
        return sealing.seal_record(data, self._raw, about(kind, *names))

    def unseal(self, sealed: object, kind: str, *names: str) -> bytes | None:
        """Open a record; None if it is damaged or belongs elsewhere."""
        return sealing.unseal_record(sealed, self._raw, about(kind, *names))

    def fingerprint(self, digest: str) -> str:
        """Return a text that is the same for the same digest, and does not show it to anyone without the key."""
        return hmac.new(self._fingerprints, digest.encode(), hashlib.sha256).hexdigest()

    def wrapped(self, secret: Secret, owner: str, cost: Cost = COST) -> dict[str, Any]:
        """Return the columns of the key record that another visit opens with this secret. cost: lower only in tests."""
        salt = secrets.token_bytes(SALT_BYTES)
        used = cost if secret.kind == "passphrase" else Cost(1, 1, 1)
        seal = about("key", owner, secret.kind, salt.hex(), *map(str, used))
        return {
            "owner": owner,
            "format": FORMAT,
            "key_id": self.key_id,
            "kind": secret.kind,
            "salt": salt,
            **used._asdict(),
            "wrapped": sealing.seal_record(self._raw, secret.wrapping_key(salt, used), seal),
        }

    def _made_from(self, use: str) -> bytes:
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=about(use)).derive(self._raw)


class KeyRecord(NamedTuple):
    """The columns of a key record that opening it needs."""

    owner: str
    format: int
    kind: str
    salt: bytes
    log_n: int
    r: int
    p: int
    wrapped: bytes

    def opened(self, secret: Secret) -> DataKey:
        """Open the data key. Errors: WrongKey, with the same words for a damaged record; BadArchive if it is newer."""
        if isinstance(self.format, int) and self.format > FORMAT:
            raise BadArchive(
                "The archive is from a newer release",
                "This release does not know the format of its key.",
                "Install the release that wrote it, or a newer one.",
            )
        cost = Cost(self.log_n, self.r, self.p)
        raw = None
        if self._is_sound() and sealing.is_allowed(cost) and self.kind == secret.kind:
            seal = about("key", self.owner, self.kind, self.salt.hex(), *map(str, cost))
            raw = sealing.unseal_record(self.wrapped, secret.wrapping_key(self.salt, cost), seal)
        if raw is None:
            raise WrongKey(
                "The archive does not open",
                "The key is wrong, or the key record of the archive is damaged.",
                "Check the passphrase or the key file. If you are sure of it, restore the archive from a backup.",
            )
        return DataKey(raw)

    def _is_sound(self) -> bool:
        """Whether each column has its type: SQLite holds any value in any column."""
        numbers = (self.format, self.log_n, self.r, self.p)
        return all(isinstance(each, int) for each in numbers) and isinstance(self.salt, bytes)


def new_key() -> DataKey:
    """Make a data key."""
    return DataKey(secrets.token_bytes(KEY_BYTES))


def check_new(secret: Secret) -> Secret:
    """Return a secret that may wrap a key. Errors: BadArchive if the passphrase is too short or too long."""
    if secret.kind == "passphrase" and not sealing.MIN_LENGTH <= len(secret.text) <= sealing.MAX_LENGTH:
        raise BadArchive(
            "The passphrase cannot be used",
            f"It needs {sealing.MIN_LENGTH} to {sealing.MAX_LENGTH:,} characters.",
            "Four unrelated words are easy to remember and hard to guess.",
        )
    return secret


def secret_of(settings: Settings) -> Secret | None:
    """Return the secret that the settings name: the key file, else the passphrase; None if they name neither."""
    if path := key_file_of(settings):
        return Secret("key_file", key=read_key_file(path))
    passphrase = settings.archive_passphrase.get_secret_value() if settings.archive_passphrase else ""
    return Secret("passphrase", passphrase) if passphrase else None


def key_file_of(settings: Settings) -> Path | None:
    """Return the key file that the settings name. An empty setting, which becomes the folder, names none."""
    path = settings.archive_key_file
    return None if path == Path() else path


def is_open_to_all(path: Path) -> bool:
    """Whether every account of the computer can read a file. Only POSIX says so in its mode."""
    return os.name == "posix" and bool(path.stat().st_mode & stat.S_IROTH)


def read_key_file(path: Path) -> bytes:
    """Read a key of 32 bytes, written as they are, as 64 hexadecimal digits or as base64. Errors: BadArchive."""
    try:
        with path.open("rb") as file:
            data = file.read(4 * KEY_BYTES)
    except OSError as error:
        raise _bad_key_file(path, f"{error.strerror or type(error).__name__}.") from None
    text = data.strip().decode("ascii", "replace")
    if len(data) == KEY_BYTES:
        return data
    if HEX_KEY.fullmatch(text):
        return bytes.fromhex(text)
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise _bad_key_file(path, "It does not hold a key of 32 bytes.")
    return key


def _bad_key_file(path: Path, why: str) -> BadArchive:
    return BadArchive(
        "The key file cannot be used",
        f"{printable(str(path))}: {why}",
        "It holds 32 random bytes: openssl rand -hex 32 > returns.key makes one.",
    )
