"""Questions to customers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from pydantic import Field

from bookings.faces.api.shapes import Changed, Line, Shown
from bookings.models import Question, QuestionKind

Kind = Annotated[QuestionKind, Field(examples=[QuestionKind.ONE_CHOICE])]


class AskedByShown(Shown):
    """A service that asks a question."""

    id: UUID
    name: str
    is_required: bool


class QuestionShown(Shown):
    """A question of a business; services ask it as required or optional."""

    id: UUID
    text: str
    kind: Kind
    choices: Annotated[Sequence[str], Field(examples=[["By bicycle", "By train"]])]
    """What can be answered to `one_choice` and `several_choices`; none for other kinds."""
    services: Sequence[AskedByShown]
    """Which services ask it, by name."""


Choices = Annotated[list[Line], Field(max_length=100, examples=[["By bicycle", "By train"]])]


class QuestionChanged(Changed):
    """What is to be otherwise about a question."""

    text: Line = ""
    kind: Kind = QuestionKind.SHORT_TEXT
    choices: Choices = []
    """At least two, for `one_choice` and `several_choices` alone."""

    def fields_sent(self) -> dict[str, object]:
        """Return what was sent as the commands take it: the choices one per line."""
        sent = self.sent()
        return sent | ({"choices": "\n".join(sent["choices"])} if "choices" in sent else {})


class QuestionAsked(QuestionChanged):
    """A question to be added; a short text unless it says otherwise."""

    text: Line


def shown_question(question: Question) -> QuestionShown:
    """Return a question as it is said; reads what `questions_in_full` loads."""
    return QuestionShown(
        id=question.public_id,
        text=question.text,
        kind=QuestionKind(question.kind),
        choices=question.options,
        services=[
            AskedByShown(
                id=link.service.public_id, name=link.service.name, is_required=link.is_required
            )
            for link in question.asked_by.all()
        ],
    )
