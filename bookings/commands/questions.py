"""Questions of a business: added, changed and deleted. Which service asks them, services say."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bookings import outbox
from bookings.commands.actor import Actor
from bookings.commands.checking import Fields, differing, saved, written
from bookings.commands.decision import decision
from bookings.commands.people import locked_business
from bookings.errors import NotFound
from bookings.models import Business, Question

FIELDS: Final = frozenset({"text", "kind", "choices"})
"""What can be changed of a question; `choices` has one on each line."""


@decision
def add_question(*, business: Business, fields: Fields, now: datetime, actor: Actor) -> Question:
    """Add a question, with some of `FIELDS`, which no service asks yet, and return it.

    Locks: the business.

    Raises:
        Invalid: there is nothing to ask, there are too few choices, or some that nobody will see.
    """
    made = Question(business=locked_business(business.pk))
    wanted = {"text": "", **differing(made, fields)}
    written(made, wanted, blames={})
    saved(made, wanted, taken={})
    _note(made, "question.added", actor, now, {"after": wanted})
    return made


@decision
def change_question(*, question: Question, fields: Fields, now: datetime, actor: Actor) -> Question:
    """Change some of `FIELDS` of a question and return it.

    Answers that were given keep the words of the question as they were then.
    Locks: the business.

    Raises:
        Invalid: as `add_question`.
        NotFound: it was deleted meanwhile.
    """
    question = locked_question(question)
    wanted = differing(question, fields)
    if not wanted:
        return question
    before = written(question, wanted, blames={})
    saved(question, wanted, taken={})
    _note(question, "question.changed", actor, now, {"before": before, "after": wanted})
    return question


@decision
def delete_question(*, question: Question, now: datetime, actor: Actor) -> None:
    """Delete a question: nobody asks it any more. Answers that were given stay.

    Locks: the business.

    Raises:
        NotFound: it was deleted already.
    """
    question = locked_question(question)
    _note(question, "question.deleted", actor, now, {"text": question.text})
    question.delete()


def locked_question(question: Question) -> Question:
    """Return a question as it is now, under its business's lock. Cost: two queries.

    Raises:
        NotFound: it was deleted meanwhile.
    """
    business = locked_business(question.business_id)
    found = business.questions.filter(pk=question.pk).first()
    if found is None:
        raise NotFound()
    found.business = business
    return found


def _note(
    question: Question, kind: str, actor: Actor, now: datetime, data: dict[str, object]
) -> None:
    outbox.record_alone(
        business=question.business,
        kind=kind,
        actor=str(actor),
        now=now,
        data={"question": str(question.public_id), **data},
    )
