"""What is good once is good once, also for those who bring it at the same moment."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

import pytest
from allauth.idp.oidc.models import Token

from tests.accounts.oauth.conftest import Party
from tests.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 6


def test_of_many_who_bring_a_code_one_gets_tokens_and_they_end_at_once(
    party: Party, works: Any
) -> None:
    code = party.code()
    answers = at_once(*[partial(party.exchange, code)] * MANY)

    assert Counter(each.status_code for each in answers) == {200: 1, 400: MANY - 1}
    (won,) = [each.json() for each in answers if each.status_code == 200]
    assert works(won["access_token"]) == 401
    assert not Token.objects.exists()


def test_of_many_who_bring_a_refresh_token_one_gets_another_and_all_of_them_end(
    party: Party, works: Any
) -> None:
    tokens = party.tokens()
    answers = at_once(*[partial(party.refresh, tokens["refresh_token"])] * MANY)

    assert Counter(each.status_code for each in answers) == {200: 1, 400: MANY - 1}
    (won,) = [each.json() for each in answers if each.status_code == 200]
    assert works(won["access_token"]) == works(tokens["access_token"]) == 401
    assert not Token.objects.exists()
