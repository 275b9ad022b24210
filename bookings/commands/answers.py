"""The answers to a service's questions, as typed: checked, then written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from django.db import connection
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

from bookings.commands.contact import why_not_email, why_not_phone
from bookings.engine.text import clean_line, clean_text
from bookings.errors import Invalid, _
from bookings.models import Answer, Booking, Question, QuestionKind, Service
from bookings.queries.whole import Whole

SHORT_LIMIT = 300
LONG_LIMIT = 4000
YES, NO = "yes", "no"
SEVERAL = "\n"
"""Joins the choices of one answer."""


_QUESTION: Final = Whole(Question)
_ASKED: Final = f"""
SELECT asks.is_required, {_QUESTION.columns("q")}
FROM bookings_servicequestion asks JOIN bookings_question q ON q.id = asks.question_id
WHERE asks.service_id = %s ORDER BY asks.position, asks.id
"""
"""Every booking asks this."""


def checked_answers(service: Service, raw: Mapping[str, object]) -> list[tuple[Question, str]]:
    """Return what `judged` does of the questions of a service. Cost: one query.

    Raises:
        Invalid: as `judged`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, [service.pk])
        rows = cursor.fetchall()
    return judged(((_QUESTION.row(values), is_required) for is_required, *values in rows), raw)


def judged(
    asked: Iterable[tuple[Question, bool]], raw: Mapping[str, object]
) -> list[tuple[Question, str]]:
    """Return each answered question with its answer in stored form.

    `asked` says of each question whether it must be answered; `raw` maps its public id to what was
    typed: a string, for several choices a list of strings. Stored forms: numbers as decimals, dates
    ISO 8601, yes/no as "yes" or "no", several choices one per line.

    Raises:
        Invalid: `fields` maps a question's public id to what is wrong with its answer.
    """
    given: list[tuple[Question, str]] = []
    wrong = dict.fromkeys(raw, _("This is not asked here."))
    for question, is_required in asked:
        name = str(question.public_id)
        wrong.pop(name, None)
        try:
            value = _stored(question, raw.get(name))
        except _Unacceptable as refusal:
            wrong[name] = str(refusal)
            continue
        if is_required and not value:
            wrong[name] = _("Please answer this question.")
        elif value:
            given.append((question, value))
    if wrong:
        raise Invalid(wrong)
    return given


def write_answers(booking: Booking, given: list[tuple[Question, str]]) -> None:
    """Store the answers. Cost: one insert, or none."""
    Answer.objects.bulk_create(
        Answer(booking=booking, question=question, asked=question.text, value=value)
        for question, value in given
    )


class _Unacceptable(Exception):
    """An answer that its question does not take; the message is for people."""


def _stored(question: Question, raw: object) -> str:
    if question.kind == QuestionKind.SEVERAL_CHOICES:
        return _several(question, raw)
    if isinstance(raw, bool):
        raw = YES if raw else NO
    if isinstance(raw, list | tuple | dict):
        raise _Unacceptable(_("One answer is expected here."))
    long = question.kind == QuestionKind.LONG_TEXT
    text = "" if raw is None else clean_text(str(raw)) if long else clean_line(str(raw))
    if not text:
        return ""
    if len(text) > (LONG_LIMIT if long else SHORT_LIMIT):
        raise _Unacceptable(_("This answer is too long."))
    return _READERS.get(QuestionKind(question.kind), _as_is)(question, text)


def _as_is(question: Question, text: str) -> str:
    return text


def _number(question: Question, text: str) -> str:
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > SHORT_LIMIT:
        raise _Unacceptable(_("Please give a number."))
    return f"{number:f}"


def in_words(answer: Answer) -> str:
    """Return an answer as people read it: yes or no, a day with its weekday, or as it was given.

    Reads `question`, which may be gone or of another kind by now.
    """
    kind = answer.question.kind if answer.question else ""
    if kind == QuestionKind.YES_NO.value:
        return {YES: gettext("Yes"), NO: gettext("No")}.get(answer.value, answer.value)
    if kind == QuestionKind.DATE.value:
        with suppress(ValueError):
            day = date.fromisoformat(answer.value)
            return date_format(day, pgettext("long date format", "l j F Y"))
    return answer.value


def _date(question: Question, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise _Unacceptable(_("Please give a date.")) from error


def _yes_no(question: Question, text: str) -> str:
    lowered = text.lower()
    if lowered in {YES, "true", "on", "1"}:
        return YES
    if lowered in {NO, "false", "off", "0"}:
        return NO
    raise _Unacceptable(_("Please answer yes or no."))


def _one_choice(question: Question, text: str) -> str:
    if text not in question.options:
        raise _Unacceptable(_("Please choose one of the answers listed."))
    return text


def _several(question: Question, raw: object) -> str:
    values = [] if raw in (None, "") else list(raw) if isinstance(raw, list | tuple) else [raw]
    chosen = {clean_line(str(value)) for value in values} - {""}
    if not chosen <= set(question.options):
        raise _Unacceptable(_("Please choose among the answers listed."))
    return SEVERAL.join(option for option in question.options if option in chosen)


def _phone(question: Question, text: str) -> str:
    if sentence := why_not_phone(text):
        raise _Unacceptable(sentence)
    return text


def _email(question: Question, text: str) -> str:
    if sentence := why_not_email(text):
        raise _Unacceptable(sentence)
    return text


_READERS = {
    QuestionKind.NUMBER: _number,
    QuestionKind.DATE: _date,
    QuestionKind.YES_NO: _yes_no,
    QuestionKind.ONE_CHOICE: _one_choice,
    QuestionKind.PHONE: _phone,
    QuestionKind.EMAIL: _email,
}
