"""URLs that people type: the parts of those that may be called, and why not the others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.engine.urls import Reach, Target, host_of, target_of, why_not_url
from bookings.errors import BadUrl, BookingError

ALL = Reach()
HERE = Reach(loopback=True)


def code(url: str, reach: Reach = ALL) -> str:
    """Return the code of the refusal, nothing where there is none."""
    refusal = why_not_url(url, reach=reach)
    return refusal.code if refusal else ""


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://example.org", ("https", "example.org", 443, "/")),
        ("HTTPS://Example.ORG:8443/A?b=C#d", ("https", "example.org", 8443, "/A?b=C")),
        ("https://example.org.", ("https", "example.org", 443, "/")),
        ("https://example.org?x", ("https", "example.org", 443, "/?x")),
        ("https://bücher.example/ü", ("https", "xn--bcher-kva.example", 443, "/%C3%BC")),
        ("https://8.8.8.8/", ("https", "8.8.8.8", 443, "/")),
        ("https://[2606:4700:0::1]/", ("https", "2606:4700::1", 443, "/")),
        ("https://[::ffff:8.8.8.8]/", ("https", "8.8.8.8", 443, "/")),
        ("https://under_score.example/", ("https", "under_score.example", 443, "/")),
    ],
)
def test_what_may_be_called_is_read_into_its_parts(
    url: str, target: tuple[str, str, int, str]
) -> None:
    scheme, host, port, path = target

    assert target_of(url, reach=ALL) == Target(scheme=scheme, host=host, port=port, path=path)


def test_the_host_header_has_brackets_and_the_port_where_it_is_not_usual() -> None:
    authorities = [
        target_of(url, reach=HERE).authority
        for url in (
            "https://example.org/",
            "https://example.org:8443/",
            "https://[2606:4700::1]/",
            "http://[::1]:8000/",
            "http://localhost/",
        )
    ]

    assert authorities == [
        "example.org",
        "example.org:8443",
        "[2606:4700::1]",
        "[::1]:8000",
        "localhost",
    ]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "//example.org/",
        "https:",
        "https:///path",
        "https:example.org",
        "https://?x",
        "https://user@example.org/",
        "https://user:word@example.org/",
        "https://@example.org/",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://example.org:x/",
        "https://exa mple.org/",
        "https://example.org/a b",
        "https://example.org/\r\nHost: x",
        "https://example.org/\t",
        " https://example.org/",
        "https://example.org/\x00",
        "https://example.org\\@evil.example/",
        "https://example..org/",
        "https://.example.org/",
        "https://-example.org/",
        "https://example-.org/",
        "https://exa%6dple.org/",
        "https://exa*mple.org/",
        f"https://{'a' * 64}.example/",
        f"https://{'a.' * 130}example/",
        f"https://example.org/{'a' * 500}",
        "https://127.1/",
        "https://0x7f.1/",
        "https://0X7F000001/",
        "https://2130706433/",
        "https://017700000001/",
        "https://0177.0.0.1/",
        "https://1.2.3.256/",
        "https://1.2.3.4.5/",
        "https://example.1/",
        "https://example.0x/",
        "https://[::1",
        "https://[::g]/",
        "https://[fe80::1%25eth0]/",
        "https://[v1.a]/",
        "https://[2606:4700::1]evil.example/",
        "https://evil.example[2606:4700::1]/",
        "https://2606:4700::1/",
        "https://example.org:٤٤٣/",
        "https:/example.org/",
        "https://[1.2.3.4]/",
        "https://faß.example/",
        "https://nicht\u200dda.example/",
        "https://\ud800.example/",
    ],
)
def test_what_is_no_plain_url_is_refused(url: str) -> None:
    assert code(url) == "bad_url"
    assert code(url, HERE) == "bad_url"


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://127.0.0.1./",
        "https://①②⑦.⓪.⓪.①/",
        "https://127。0。0。1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[64:ff9b::a00:1]/",
        "https://10.0.0.1/",
        "https://169.254.169.254/",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://inside.localhost/",
        "https://intranet/",
    ],
)
def test_private_addresses_and_names_are_refused_without_a_look_up(url: str) -> None:
    assert code(url) == "not_public"


def test_other_schemes_and_ports_are_refused() -> None:
    assert code("http://example.org/") == "not_https"
    assert code("gopher://example.org/") == "not_https"
    assert code("https://example.org:22/") == "port_not_called"
    assert str(why_not_url("https://example.org:22/", reach=ALL)) == (
        "Only these ports are called: 443, 8443."
    )


def test_development_adds_http_every_port_and_this_machine_and_no_other_network() -> None:
    assert code("http://localhost:8000/", HERE) == ""
    assert code("http://hooks.localhost:8000/", HERE) == ""
    assert code("http://127.0.0.1:22/", HERE) == ""
    assert code("http://[::1]/", HERE) == ""
    assert code("http://10.0.0.1/", HERE) == "not_public"
    assert code("http://0.0.0.0/", HERE) == "not_public"
    assert code("http://intranet/", HERE) == "not_public"
    assert code("ftp://localhost/", HERE) == "not_https"


@pytest.mark.parametrize(
    ("url", "refused"),
    [
        ("https://example.org/", ""),
        ("https://EXAMPLE.org./", ""),
        ("https://www.example.org/", "host_not_listed"),
        ("https://hooks.example/", ""),
        ("https://a.b.hooks.example/", ""),
        ("https://otherhooks.example/", "host_not_listed"),
        ("https://hooks.example.evil.example/", "host_not_listed"),
        ("https://8.8.8.8/", "host_not_listed"),
    ],
)
def test_a_list_of_hosts_is_a_list(url: str, refused: str) -> None:
    assert code(url, Reach(hosts=("example.org", ".hooks.example"))) == refused


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    try:
        target = target_of(f"https://{typed}", reach=HERE)
    except BookingError:
        return
    assert target.path.isascii()
    assert target.path.isprintable()
    assert host_of(target.host) == target.host


def test_a_host_reads_the_same_twice() -> None:
    with pytest.raises(BadUrl):
        host_of("")
    assert host_of(host_of("Bücher.example.")) == "xn--bcher-kva.example"
