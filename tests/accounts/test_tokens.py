"""Access tokens: what somebody may want, how many, and what works until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import ValidationError

from accounts import callers, tokens
from accounts.models import AccessToken, User
from accounts.scopes import Scope
from accounts.tokens import WantedToken, make_token
from tests import make
from tests.at_once import at_once
from tests.make import API, NOW

pytestmark = pytest.mark.django_db

USUAL: Mapping[str, object] = {
    "name": "Sync",
    "scopes": ["bookings:read"],
    "expires_at": NOW + timedelta(days=30),
}


def wanted(**other: object) -> WantedToken:
    return WantedToken(**USUAL | other)  # type: ignore[arg-type]


@pytest.fixture
def ada() -> User:
    return make.user(name="Ada")


def test_a_token_lets_its_owner_in_until_it_expires(ada: User) -> None:
    row, token = make_token(user=ada, wanted=wanted(name="  Sync\n "), now=NOW)

    caller = callers.caller_of(token, address=API, now=NOW)
    assert (caller.user, caller.name, caller.scopes) == (ada, "Sync", {Scope.BOOKINGS_READ})
    assert token not in str(AccessToken.objects.values())
    assert token.startswith(row.prefix)
    with pytest.raises(callers.TokenRefused):
        callers.caller_of(token, address=API, now=NOW + timedelta(days=30))


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", " \0 ", "Please give it a name, so that you know it again."),
        ("name", "x" * 101, "A name has at most 100 characters."),
        ("scopes", [], "Please choose at least one thing that it may do."),
        ("scopes", ["bookings:read", "bookings:everything"], "There is no such scope."),
        ("expires_at", NOW, "This day is over. Choose one that is still to come."),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    ada: User, field: str, value: object, sentence: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        make_token(user=ada, wanted=wanted(**{field: value}), now=NOW)

    assert refusal.value.message_dict == {field: [sentence]}
    assert not AccessToken.objects.exists()


def test_a_name_is_free_again_once_its_token_has_ended(ada: User) -> None:
    first, _ = make_token(user=ada, wanted=wanted(), now=NOW)
    with pytest.raises(ValidationError, match="You have one with this name already"):
        make_token(user=ada, wanted=wanted(name="SYNC"), now=NOW)
    make_token(user=make.user(), wanted=wanted(), now=NOW)

    callers.revoke(first, now=NOW)
    second, _ = make_token(user=ada, wanted=wanted(), now=NOW)

    later = NOW + timedelta(days=31)
    assert list(tokens.working_tokens(ada, now=NOW)) == [second]
    assert list(tokens.ended_tokens(ada, now=NOW)) == [first]
    assert list(tokens.ended_tokens(ada, now=later)) == [second, first]


@pytest.mark.django_db(transaction=True)
def test_two_made_at_once_are_never_one_too_many(ada: User) -> None:
    for number in range(tokens.MOST - 1):
        make_token(user=ada, wanted=wanted(name=f"Program {number}"), now=NOW)

    def outcome(name: str) -> list[str]:
        try:
            make_token(user=ada, wanted=wanted(name=name), now=NOW)
        except ValidationError as refusal:
            return refusal.messages
        return []

    outcomes = at_once(*(partial(outcome, name) for name in "abcd"))

    said = "You have 20 tokens, which is the most. Revoke one first."
    assert sorted(outcomes) == [[], [said], [said], [said]]
    assert tokens.working_tokens(ada, now=NOW).count() == tokens.MOST
