"""Questions to customers."""

from __future__ import annotations

from uuid import UUID

from accounts.roles import Capability
from accounts.scopes import Scope
from bookings.faces.api.call import Call, one
from bookings.faces.api.lists import Parts, Picked, part
from bookings.faces.api.operation import Endpoint, Operation
from bookings.faces.api.shapes import Listed
from bookings.faces.api.shapes.questions import QuestionShown, shown_question
from bookings.queries.catalogue import questions_in_full


class Questions(Endpoint):
    """The questions of a business."""

    @Operation(
        "list_questions",
        "List the questions",
        scope=Scope.SERVICES_READ,
        needs=Capability.SEE_SETTINGS,
        query=Parts,
        shows=Listed[QuestionShown],
    )
    def get(self, call: Call, query: Parts) -> Listed[QuestionShown]:
        """Return questions by their words."""
        rows = questions_in_full(call.colleague.questions(Capability.SEE_SETTINGS))
        order = ("text", "pk")
        return part(call, query, rows, order=order, among=rows, shows=shown_question)


class OneQuestion(Endpoint):
    """One question."""

    @Operation(
        "read_question",
        "Read a question",
        scope=Scope.SERVICES_READ,
        needs=Capability.SEE_SETTINGS,
        query=Picked,
        shows=QuestionShown,
    )
    def get(self, call: Call, query: Picked, question: UUID) -> QuestionShown:
        """Return a question."""
        rows = questions_in_full(call.colleague.questions(Capability.SEE_SETTINGS))
        return shown_question(one(rows, question))
