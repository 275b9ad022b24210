"""Answers that are kept, sealed for whoever knows the key of the call.

An answer may hold names, links that let anybody in, and secrets that are shown once. What opens it
is derived (HKDF, RFC 5869) from the secret key of the portal and from the Idempotency-Key of the
call, of which the portal keeps a digest alone: neither who has the database nor who has both it and
the secret key reads an answer, unless they guess the key of the call.
"""

from __future__ import annotations

import json
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from bookings.faces.api.answering import Answer

_PURPOSE: Final = b"bookings.kept-answer"
_NONCE: Final = 12
"""Bytes (NIST SP 800-38D §8.2); random, for the same key may seal again after two days."""


class Unreadable(Exception):
    """What was sealed cannot be opened: the secret key is no longer the one it was sealed with."""


def sealed(given: Answer, *, key: str, digest: str) -> bytes:
    """Return an answer that only its call's key opens; `digest` names the call, in hex."""
    nonce = secrets.token_bytes(_NONCE)
    said = {"status": given.status, "body": given.body, "headers": dict(given.headers)}
    return nonce + _cipher(key, digest).encrypt(nonce, json.dumps(said).encode(), None)


def opened(content: bytes, *, key: str, digest: str) -> Answer:
    """Return the answer that was sealed for the same key and digest.

    Raises:
        Unreadable: under another secret key.
    """
    nonce, said = content[:_NONCE], content[_NONCE:]
    try:
        return Answer(**json.loads(_cipher(key, digest).decrypt(nonce, said, None)))
    except InvalidTag:
        raise Unreadable() from None


def _cipher(key: str, digest: str) -> AESGCM:
    derived = HKDF(SHA256(), length=32, salt=bytes.fromhex(digest), info=_PURPOSE)
    return AESGCM(derived.derive(f"{settings.SECRET_KEY}\n{key}".encode()))
