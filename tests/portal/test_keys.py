"""The key that signs who somebody is: made once, or the operator's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from portal.keys import signing_key


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def test_a_key_is_made_once_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    kept = tmp_path / "signing-key.pem"
    first, second = (signing_key("KEY", "", kept) for _ in range(2))

    assert first == second
    assert first.startswith("-----BEGIN PRIVATE KEY-----")
    assert kept.stat().st_mode & 0o777 == 0o600


def test_ones_own_key_is_used_as_it_is(tmp_path: Path) -> None:
    own = pem(rsa.generate_private_key(65537, 2048))

    assert signing_key("KEY", own, tmp_path / "signing-key.pem") == own
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["short", "curve", "none"])
def test_a_key_that_cannot_sign_stops_the_start(tmp_path: Path, kind: str) -> None:
    values = {
        "short": lambda: pem(rsa.generate_private_key(65537, 1024)),
        "curve": lambda: pem(ec.generate_private_key(ec.SECP256R1())),
        "none": lambda: "nonsense",
    }

    with pytest.raises(SystemExit, match="KEY: it must be a private RSA key"):
        signing_key("KEY", values[kind](), tmp_path / "signing-key.pem")
