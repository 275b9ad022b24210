"""The client for URLs that users typed: whom it calls, and what no receiver can do to it."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bookings.engine.urls import Reach
from bookings.outlets.fetching import Answer, FetchError, Limits, fetch
from tests.outlets.authority import Authority
from tests.outlets.receiver import GIGABYTE, Receiver, bomb

HERE = Reach(loopback=True)
ANYWHERE = Reach()
SOON = Limits(seconds=0.3)
NAME = "hooks.example.org"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Run a plain receiver for the test."""
    with Receiver() as running:
        yield running


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """Return an authority that nobody else trusts."""
    return Authority(tmp_path)


class Names:
    """A name server: each look-up gets the next answer, the last for ever."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, int]] = []

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append((host, port))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def post(url: str, **options: Any) -> Answer:
    """Post a small body to a URL, on this machine too."""
    return fetch("POST", url, **{"headers": {}, "body": b"{}", "reach": HERE, **options})


def failure(url: str, **options: Any) -> FetchError:
    """Return why no answer came."""
    with pytest.raises(FetchError) as caught:
        post(url, **options)
    return caught.value


# What arrives


def test_a_request_arrives_whole_and_asks_for_nothing_packed(receiver: Receiver) -> None:
    answer = post(
        receiver.url("200?X-Tone=low"), headers={"Webhook-Id": "m1"}, body="{“ä”}".encode()
    )

    (taken,) = receiver.taken
    assert (taken.method, taken.path, taken.body) == ("POST", "/200?X-Tone=low", "{“ä”}".encode())
    assert taken.headers["webhook-id"] == "m1"
    assert taken.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert taken.headers["accept-encoding"] == "identity"
    assert (answer.status, answer.body, answer.is_cut) == (200, b"That makes 200.", False)
    assert answer.headers["x-tone"] == "low"


def test_letters_of_all_scripts_are_sent_percent_encoded_once(receiver: Receiver) -> None:
    post(receiver.url("200/%20ü?q=é&r=%C3%A9#part"))

    assert receiver.taken[0].path == "/200/%20%C3%BC?q=%C3%A9&r=%C3%A9"


def test_a_redirect_is_an_answer_and_nobody_goes_there(receiver: Receiver) -> None:
    answer = post(receiver.url(f"301?Location={receiver.url('200')}"))

    assert answer.status == 301
    assert [taken.path.partition("?")[0] for taken in receiver.taken] == ["/301"]


@pytest.mark.parametrize("header", [{"X-A": "1\r\nX-B: 2"}, {"X-A: 1\r\nX-B": "2"}, {"X-A": "é"}])
def test_no_header_becomes_two(receiver: Receiver, header: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="more than one line"):
        post(receiver.url("200"), headers=header)

    assert receiver.taken == []


def test_proxies_of_the_environment_are_not_asked(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setitem(os.environ, name, "http://127.0.0.1:9")

    assert post(receiver.url("200")).status == 200


def test_what_is_only_asked_for_carries_no_body(receiver: Receiver) -> None:
    assert fetch("GET", receiver.url("200"), headers={}, reach=HERE).status == 200
    assert (receiver.taken[0].method, receiver.taken[0].body) == ("GET", b"")


# Whom it calls


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://127.0.0.1/", "not_public"),
        ("https://[::1]/", "not_public"),
        ("https://[::ffff:127.0.0.1]/", "not_public"),
        ("https://①②⑦.⓪.⓪.①/", "not_public"),
        ("https://169.254.169.254/latest/meta-data/", "not_public"),
        ("https://localhost/", "not_public"),
        ("https://127.1/", "bad_url"),
        ("https://0x7f.1/", "bad_url"),
        ("https://2130706433/", "bad_url"),
        ("https://0177.0.0.1/", "bad_url"),
        ("https://me@example.org/", "bad_url"),
        ("http://example.org/", "not_https"),
        ("ftp://example.org/", "not_https"),
        ("file:///etc/passwd", "bad_url"),
        ("https://example.org:22/", "port_not_called"),
    ],
)
def test_a_url_that_is_never_called_is_refused_for_good(url: str, code: str) -> None:
    refused = failure(url, reach=ANYWHERE, look_up=Names(["192.0.2.1"]))

    assert (refused.code, refused.permanent) == (code, True)


@pytest.mark.parametrize(
    "url", ["https://127.1/", "https://0x7f.1/", "https://2130706433/", "https://[::ffff:0]/"]
)
def test_development_knows_this_machine_by_its_plain_names_only(url: str) -> None:
    assert failure(url).permanent is True


def test_other_private_networks_stay_shut_in_development(receiver: Receiver) -> None:
    assert failure("http://10.0.0.1/").code == "not_public"
    assert failure("http://inside.example/", look_up=Names(["10.0.0.1"])).code == "not_public"


@pytest.mark.parametrize(
    "found",
    [
        ["127.0.0.1"],
        ["10.1.2.3"],
        ["8.8.8.8", "10.1.2.3"],
        ["2606:4700::1111", "::ffff:192.168.0.1"],
        ["fe80::1%eth0"],
        ["64:ff9b::7f00:1"],
        ["2002:7f00:1::"],
        ["100.100.100.200"],
        ["0.0.0.0"],
        ["no address"],
    ],
)
def test_a_name_that_leads_inside_is_not_called(found: list[str]) -> None:
    refused = failure(f"https://{NAME}/", reach=ANYWHERE, look_up=Names(found))

    assert (refused.code, refused.permanent) == ("not_public", False)
    assert not any(address in str(refused) for address in found)


def test_a_name_that_is_nobodys_may_be_somebodys_tomorrow() -> None:
    def nobody(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    for unknown in (nobody, Names([])):
        refused = failure(f"https://{NAME}/", look_up=unknown)

        assert (refused.code, refused.permanent) == ("unresolved", False)


def test_a_name_is_looked_up_once_and_that_address_called(receiver: Receiver) -> None:
    names = Names(["127.0.0.1"], ["10.0.0.1"])
    url = receiver.url("200", host=NAME)

    assert post(url, look_up=names).status == 200
    assert names.asked == [(NAME, receiver.port)]
    assert receiver.taken[0].headers["host"] == f"{NAME}:{receiver.port}"
    assert failure(url, look_up=names).code == "not_public"


def test_a_dead_address_leaves_time_for_the_next(receiver: Receiver) -> None:
    names = Names(["127.0.0.2", "127.0.0.1"])

    assert post(receiver.url("200", host=NAME), look_up=names).status == 200


def test_hosts_that_are_not_listed_are_not_even_looked_up(receiver: Receiver) -> None:
    names = Names(["127.0.0.1"])
    listed = Reach(hosts=(".example.org",), loopback=True)

    assert failure(receiver.url("200", host="other.example"), reach=listed, look_up=names).code == (
        "host_not_listed"
    )
    assert names.asked == []
    assert post(receiver.url("200", host=NAME), reach=listed, look_up=names).status == 200


# Encryption


def test_the_called_address_has_to_show_the_certificate_of_the_name(authority: Authority) -> None:
    with Receiver(trust=authority.serving(NAME)) as receiver:
        answer = post(
            receiver.url("200", host=NAME),
            look_up=Names(["127.0.0.1"]),
            trust=authority.trusting(),
        )

        assert answer.status == 200
        assert receiver.asked_for == [NAME]
        assert receiver.taken[0].headers["host"] == f"{NAME}:{receiver.port}"


def test_names_of_all_scripts_are_asked_for_in_ascii(authority: Authority) -> None:
    ascii_name = "xn--bcher-kva.example"
    with Receiver(trust=authority.serving(ascii_name)) as receiver:
        names = Names(["127.0.0.1"])
        url = receiver.url("200", host="Bücher.example")

        assert post(url, look_up=names, trust=authority.trusting()).status == 200
        assert names.asked == [(ascii_name, receiver.port)]
        assert receiver.asked_for == [ascii_name]


def test_a_certificate_of_another_name_is_not_accepted(authority: Authority) -> None:
    with Receiver(trust=authority.serving("other.example")) as receiver:
        refused = failure(
            receiver.url("200", host=NAME),
            look_up=Names(["127.0.0.1"]),
            trust=authority.trusting(),
        )

        assert (refused.code, refused.permanent) == ("tls", False)
        assert "certificate" in str(refused)
        assert receiver.taken == []


def test_a_certificate_of_an_unknown_authority_is_not_accepted(authority: Authority) -> None:
    with Receiver(trust=authority.serving(NAME)) as receiver:
        refused = failure(receiver.url("200", host=NAME), look_up=Names(["127.0.0.1"]))

        assert refused.code == "tls"
        assert receiver.taken == []


def test_a_server_that_speaks_no_tls_is_told_apart(receiver: Receiver) -> None:
    assert failure(receiver.url("200").replace("http:", "https:")).code == "tls"


# What no receiver can do


def test_nobody_listening_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed_soon:
        port = closed_soon.getsockname()[1]

    assert failure(f"http://127.0.0.1:{port}/").code == "refused"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("garbage", "garbage"),
        ("gigabyte_of_headers", "garbage"),
        ("gigabyte_of_patience", "garbage"),
        ("reset", "reset"),
        ("hang_up", "reset"),
    ],
)
def test_what_is_no_answer_is_named(receiver: Receiver, path: str, code: str) -> None:
    refused = failure(receiver.url(path))

    assert (refused.code, refused.permanent) == (code, False)
    assert receiver.sent < GIGABYTE // 20


@pytest.mark.parametrize("path", ["silent", "slow_head"])
def test_one_deadline_ends_silence_and_one_byte_after_another(
    receiver: Receiver, path: str
) -> None:
    refused = failure(receiver.url(path), limits=SOON)

    assert (refused.code, refused.permanent) == ("too_slow", False)
    assert receiver.hung_up.wait(30)


def test_the_deadline_ends_a_slow_handshake() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}/"

        assert failure(url, limits=SOON).code == "too_slow"


def test_the_deadline_ends_a_slow_look_up() -> None:
    done = threading.Event()

    def never(host: str, port: int) -> list[str]:
        done.wait()
        return []

    assert failure(f"https://{NAME}/", look_up=never, limits=SOON).code == "too_slow"
    done.set()


def test_the_deadline_ends_a_request_that_nobody_reads() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"

        assert failure(url, body=bytes(50_000_000), limits=SOON).code == "too_slow"


def test_the_deadline_ends_a_request_that_is_read_little_by_little() -> None:
    whole, read = 50_000_000, 0
    with socket.create_server(("127.0.0.1", 0)) as reader:

        def dawdle() -> None:
            nonlocal read
            with reader.accept()[0] as connection, suppress(OSError):
                while some := connection.recv(100_000):
                    read += len(some)
                    time.sleep(0.01)

        reading = threading.Thread(target=dawdle)
        reading.start()
        url = f"http://127.0.0.1:{reader.getsockname()[1]}/"

        assert failure(url, body=bytes(whole), limits=SOON).code == "too_slow"
        reading.join()
    assert read < whole


@pytest.mark.parametrize("path", ["slow_body", "reset_in_body"])
def test_who_has_answered_has_answered_even_if_the_text_breaks_off(
    receiver: Receiver, path: str
) -> None:
    answer = post(receiver.url(path), limits=SOON)

    assert (answer.status, answer.is_cut) == (200, True)
    assert len(answer.body) < 10_000


def test_of_a_gigabyte_64_kilobytes_are_kept_and_the_rest_is_not_read(receiver: Receiver) -> None:
    answer = post(receiver.url("gigabyte"))

    assert (answer.status, len(answer.body), answer.is_cut) == (200, 64 * 1024, True)
    assert receiver.hung_up.wait(30)
    assert receiver.sent < GIGABYTE // 20


def test_a_gzip_bomb_stays_packed(receiver: Receiver) -> None:
    answer = post(receiver.url("gzip_bomb"))

    assert answer.body == bomb()[: 64 * 1024]
