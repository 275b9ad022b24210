"""Questions to customers."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from accounts.roles import Capability
from accounts.scopes import Scope
from bookings import commands
from bookings.commands.questions import locked_question
from bookings.errors import Invalid
from bookings.faces.api.call import Call, one
from bookings.faces.api.changing import Change
from bookings.faces.api.lists import Parts, Picked, part
from bookings.faces.api.operation import Endpoint, Operation
from bookings.faces.api.shapes import Listed
from bookings.faces.api.shapes.questions import (
    QuestionAsked,
    QuestionChanged,
    QuestionShown,
    shown_question,
)
from bookings.models import Question
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

    @Operation(
        "add_question",
        "Add a question",
        scope=Scope.SERVICES_WRITE,
        needs=Capability.EDIT_SETTINGS,
        body=QuestionAsked,
        shows=QuestionShown,
        status=201,
        refuses=(Invalid,),
    )
    def post(self, call: Call, body: QuestionAsked) -> Change[Question]:
        """Add a question; no service asks it yet."""
        return Change(
            partial(
                commands.add_question,
                business=call.colleague.business,
                fields=body.fields_sent(),
                now=call.now,
                actor=call.actor,
            ),
            shows=_in_full,
            at=lambda made: call.address("question", question=made.public_id),
        )


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

    @Operation(
        "change_question",
        "Change a question",
        scope=Scope.SERVICES_WRITE,
        needs=Capability.EDIT_SETTINGS,
        body=QuestionChanged,
        shows=QuestionShown,
        refuses=(Invalid,),
    )
    def patch(self, call: Call, body: QuestionChanged, question: UUID) -> Change[Question]:
        """Change a question; answers that were given keep its words as they were."""
        row = one(call.colleague.questions(Capability.EDIT_SETTINGS), question)
        return Change(
            partial(
                commands.change_question,
                question=row,
                fields=body.fields_sent(),
                now=call.now,
                actor=call.actor,
            ),
            shows=_in_full,
            seen=lambda: _in_full(locked_question(row)),
        )

    @Operation(
        "delete_question",
        "Delete a question",
        scope=Scope.SERVICES_WRITE,
        needs=Capability.EDIT_SETTINGS,
        status=204,
    )
    def delete(self, call: Call, question: UUID) -> Change[None]:
        """Delete a question: nobody asks it any more. Answers that were given stay."""
        row = one(call.colleague.questions(Capability.EDIT_SETTINGS), question)
        return Change(
            partial(commands.delete_question, question=row, now=call.now, actor=call.actor),
            shows=lambda _gone: None,
            seen=lambda: _in_full(locked_question(row)),
        )


def _in_full(question: Question) -> QuestionShown:
    return shown_question(questions_in_full(Question.objects.filter(pk=question.pk)).get())
