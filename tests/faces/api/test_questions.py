"""Questions: read, added, changed and deleted."""

from __future__ import annotations

import pytest

from tests import make
from tests.faces.api.counting import costs_the_same

pytestmark = pytest.mark.django_db


def test_a_question_is_shown_with_its_choices_and_who_asks_it(program, business):
    service = make.service(business)
    question = make.question(service, text="Tea?", kind="one_choice", choices="black\n\ngreen\n")

    shown = program.get(f"questions/{question.public_id}/").json()

    assert shown["choices"] == ["black", "green"]
    assert shown["services"] == [
        {"id": str(service.public_id), "name": service.name, "is_required": False}
    ]


def test_the_question_of_another_business_is_not_there(program):
    other = make.question(make.service())

    assert program.get(f"questions/{other.public_id}/").status_code == 404


def test_a_long_list_of_questions_costs_as_much_as_a_short_one(program, business):
    service = make.service(business)

    assert costs_the_same(program, "questions/", lambda: make.question(service))
