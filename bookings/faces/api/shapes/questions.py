"""Questions to customers."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from bookings.faces.api.shapes import Shown
from bookings.models import Question, QuestionKind


class AskedByShown(Shown):
    """A service that asks a question."""

    id: UUID
    name: str
    is_required: bool


class QuestionShown(Shown):
    """A question of a business; services ask it as required or optional."""

    id: UUID
    text: str
    kind: QuestionKind
    choices: Sequence[str]
    """What can be answered to `one_choice` and `several_choices`; none for other kinds."""
    services: Sequence[AskedByShown]
    """Which services ask it, by name."""


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
