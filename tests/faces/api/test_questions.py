"""Questions: read, added, changed and deleted."""

from __future__ import annotations

import pytest

from tests import make
from tests.faces.api.conftest import Program
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


def test_a_question_is_added_changed_and_deleted(program, business):
    added = program.post(
        "questions/", {"text": "Tea?", "kind": "one_choice", "choices": ["black", "green"]}
    )
    path = added["Location"].removeprefix("http://localhost:8000")
    changed = program.patch(path, {"choices": ["black", "green", "none"]})
    deleted = program.delete(path, If_Match=changed["ETag"])

    assert (added.status_code, added.json()["services"]) == (201, [])
    assert (changed.json()["text"], len(changed.json()["choices"])) == ("Tea?", 3)
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert program.get(path).status_code == 404
    kinds = business.events.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["question.added", "question.changed", "question.deleted"]


def test_answers_outlive_their_question(program, business):
    service = make.service(business)
    question = make.question(service, text="Allergies?")
    booking = make.booking(service, answers={str(question.public_id): "nuts"})

    assert program.delete(f"questions/{question.public_id}/").status_code == 204
    assert str(booking.answers.get()) == "Allergies? nuts"
    assert program.get(f"services/{service.public_id}/").json()["questions"] == []


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"text": " "}, "/text"),
        ({"kind": "one_choice"}, "/choices"),
        ({"kind": "several_choices", "choices": ["one", "one"]}, "/choices"),
        ({"choices": ["one", "two"]}, "/choices"),
    ],
)
def test_what_cannot_be_asked_is_refused(program, business, sent, pointer):
    question = make.question(make.service(business))
    for answer in (
        program.post("questions/", {"text": "New?"} | sent),
        program.patch(f"questions/{question.public_id}/", sent),
    ):
        assert answer.status_code == 422
        assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]


def test_a_question_that_has_changed_since_it_was_seen_is_left_alone(program, business):
    path = f"questions/{make.question(make.service(business)).public_id}/"
    tag = program.get(path)["ETag"]
    program.patch(path, {"text": "Other?"})

    assert program.patch(path, {"text": "Mine?"}, If_Match=tag).status_code == 412
    assert program.delete(path, If_Match=tag).status_code == 412


def test_only_who_may_edit_settings_changes_questions(business):
    question = make.question(make.service(business))
    for role in ("team_member", "scheduler", "viewer"):
        program = Program(make.member(business, role), business)
        assert program.post("questions/", {"text": "New?"}).status_code == 403
        assert program.delete(f"questions/{question.public_id}/").status_code == 403
