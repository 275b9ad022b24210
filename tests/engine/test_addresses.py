"""What is public, block by block, and that every Python here says the same."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from bookings.engine.addresses import is_loopback, is_public

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "169.253.255.255",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.167.255.255",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2000::",
    "2606:4700:4700::1111",
    "2a00:1450:4001::200e",
    "::ffff:8.8.8.8",
    "::ffff:808:808",
    "64:ff9b::8.8.8.8",
    "64:ff9b::808:808",
]
PRIVATE = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.100.100.200",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.255",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.0.9",
    "192.0.0.192",
    "192.0.2.1",
    "192.31.196.1",
    "192.52.193.1",
    "192.88.99.1",
    "192.168.1.1",
    "192.175.48.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:0:8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:10.0.0.1",
    "::ffff:100.64.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::127.0.0.1",
    "64:ff9b::a00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::8.8.8.8",
    "64:ff9b:1:fffe::1",
    "100::1",
    "100:0:0:1::1",
    "1fff:ffff::",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:1::1",
    "2001:2::1",
    "2001:3::1",
    "2001:4:112::1",
    "2001:10::1",
    "2001:20::1",
    "2001:30::1",
    "2001:1ff:ffff::",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::1",
    "2620:4f:8000::1",
    "3fff::1",
    "3fff:fff:ffff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "",
    "127.1",
    "0x7f.1",
    "2130706433",
    "0177.0.0.1",
    "8.8.8.8 ",
    "8.8.8",
    "example.org",
]
PYTHONS = [
    path
    for minor in range(11, 20)
    if (path := shutil.which(f"python3.{minor}"))
    and subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0
]


@pytest.mark.parametrize("address", PUBLIC)
def test_this_is_public(address: str) -> None:
    assert is_public(address) is True


@pytest.mark.parametrize("address", PRIVATE)
def test_this_is_not_public(address: str) -> None:
    assert is_public(address) is False


def test_this_machine_is_told_from_other_private_addresses() -> None:
    here = [each for each in PUBLIC + PRIVATE if is_loopback(each)]

    assert here == [
        "127.0.0.1",
        "127.255.255.255",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:7f00:1",
        "64:ff9b::127.0.0.1",
    ]


@pytest.mark.parametrize("python", PYTHONS, ids=lambda path: Path(path).name)
def test_every_python_here_says_the_same(python: str) -> None:
    program = (
        "import sys; from bookings.engine.addresses import is_public\n"
        "print(*(int(is_public(each)) for each in sys.stdin.read().splitlines()), sep='')"
    )

    done = subprocess.run(
        [python, "-c", program],
        input="\n".join(PUBLIC + PRIVATE) + "\n",
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "1" * len(PUBLIC) + "0" * len(PRIVATE)
