"""The key that signs who somebody is, for programs that people sign in to with the portal."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from portal import env
from portal.files import written_once

LEAST_BITS: Final = 2048


def signing_key(name: str, value: str, kept: Path) -> str:
    """Return the RSA key that a setting holds, as PEM; made once and kept in a file when unset."""
    if not value:
        return written_once(kept, _made)
    try:
        key = load_pem_private_key(value.encode(), password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < LEAST_BITS:
        env.refuse(name, f"it must be a private RSA key of {LEAST_BITS} bits or more, as PEM.")
    return value


def _made() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=LEAST_BITS)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
