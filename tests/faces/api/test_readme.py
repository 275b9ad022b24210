"""The calls of the README work as they are written."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from accounts.clients import CREDENTIALS, WantedClient, make_client
from bookings.models import Booking
from tests import make
from tests.conftest import Clock
from tests.faces.api.conftest import Program
from tests.make import NOW

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl on this machine"),
]

README = Path(__file__).parents[3] / "README.md"


def calls(heading: str, server: LiveServer) -> Iterator[str]:
    """Yield the calls under a heading, after what is set before them."""
    section = README.read_text().split(f" {heading}\n", 1)[1]
    written = section.split("```bash\n", 1)[1].split("```", 1)[0].replace("\\\n", "")
    set_before, *made = re.split(r"^(?=curl )", written, flags=re.MULTILINE)
    for call in made:
        yield (set_before + call).replace("http://localhost:8000", server.url)


def answer(call: str, **known: str) -> tuple[int, Any]:
    """Return the status and the body that a shell gets."""
    call = re.sub(r"^curl ", r"curl -s -w '\\n%{http_code}' ", call, flags=re.MULTILINE)
    done = subprocess.run(["bash", "-euc", call], env=known, capture_output=True, check=True)
    body, status = done.stdout.decode().rsplit("\n", 1)
    return int(status), json.loads(body)


def test_a_program_books_as_the_readme_says(
    clock: Clock, program: Program, live_server: LiveServer
) -> None:
    make.service(program.business)
    known = {"TOKEN": program.token, "DAY": "2031-03-04"}
    learnt = {
        "BUSINESS": lambda body: body["results"][0]["id"],
        "SERVICE": lambda body: body["results"][0]["id"],
        "START": lambda body: body["starts"][0]["starts_at"],
        "HOLD": lambda body: body["token"],
        "BOOKING": lambda body: body["id"],
    }

    for (name, found), call in zip(learnt.items(), calls("REST API", live_server), strict=True):
        status, body = answer(call, **known)
        assert status in (200, 201), (call, body)
        known[name] = found(body)

    booking = Booking.objects.get(state="confirmed")
    assert str(booking.public_id) == known["BOOKING"]
    assert booking.appointment.starts_at == make.at("09:00", days=1)


def test_a_client_gets_its_token_as_the_readme_says(
    clock: Clock, program: Program, live_server: LiveServer
) -> None:
    wanted = WantedClient("CRM", False, [CREDENTIALS], [], ["bookings:read", "availability:read"])
    client, secret = make_client(owner=program.user, wanted=wanted, now=NOW)
    (call,) = calls("OAuth", live_server)

    status, body = answer(call, CLIENT=client.pk, SECRET=secret)

    assert (status, body["scope"]) == (200, "bookings:read availability:read")
