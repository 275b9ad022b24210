"""Changes: what a call decides, told once however often it is made, and only of what was seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from django.db import transaction
from pydantic import BaseModel

from bookings.commands import accompanied
from bookings.errors import BookingError, ChangedMeanwhile, Invalid
from bookings.faces.api.answering import Answer, answer, refuse_changed, refused
from bookings.faces.api.problems import Problem, problem_of
from bookings.faces.api.repeating import Answered, Repeatable

ResultT = TypeVar("ResultT")


@dataclass(frozen=True)
class Change(Generic[ResultT]):
    """What a call asks for, not done yet.

    `make` calls one command. `shows` turns what that returns into what is answered (None: nothing
    is), inside the command's transaction. `seen` locks what is changed and returns it as a reader
    has seen it, for If-Match. `at` is the address of what was made. `instead` is what a program
    may do where the command refuses. `names` say what the body calls a field that the command
    calls otherwise, as in `{"zone": "contact.time_zone"}`, or find that out.
    """

    make: Callable[[], ResultT]
    shows: Callable[[ResultT], BaseModel | None]
    seen: Callable[[], BaseModel] | None = None
    at: Callable[[ResultT], str] | None = None
    instead: Callable[[BookingError], Mapping[str, object]] | None = None
    names: Mapping[str, str] | Callable[[str], str] = field(default_factory=dict)

    def named(self, name: str) -> str:
        """Return what the body calls a field of the command."""
        return self.names(name) if callable(self.names) else self.names.get(name, name)


@dataclass
class _Company(Generic[ResultT]):
    """Goes along with the command: looks first whether all is as seen, then keeps the answer."""

    change: Change[ResultT]
    status: int
    expected: str
    repeatable: Repeatable | None
    given: Answer | None = field(default=None)

    def before(self) -> None:
        self.given = None
        if self.repeatable is not None:
            self.repeatable.begin()
        self.refuse_changed()

    def after(self, result: Any) -> None:
        self.given = self.answer_for(result)
        if self.repeatable is not None:
            self.repeatable.keep(self.given)

    def refuse_changed(self) -> None:
        """Refuse where what the caller saw has changed since, and they said what they saw."""
        if self.expected and self.change.seen is not None:
            refuse_changed(self.expected, self.change.seen())

    def answer_for(self, result: ResultT) -> Answer:
        given = answer(self.change.shows(result), status=self.status)
        if self.change.at is None:
            return given
        return replace(given, headers={**given.headers, "Location": self.change.at(result)})


def carried_out(
    change: Change[ResultT], *, expected: str, repeatable: Repeatable | None, status: int
) -> Answer:
    """Make a change and return its answer; where the same call got one meanwhile, that one.

    `expected` is what the caller has seen (If-Match), "" where they do not say.

    Raises:
        Problem: it is refused.
    """
    company = _Company(change, status, expected, repeatable)
    try:
        with accompanied(company):
            result = change.make()
        if company.given is None:  # there was nothing to decide any more
            with transaction.atomic():
                company.before()
                company.after(result)
    except Answered as done:
        return done.answer
    except Exception as error:
        problem = _changed(error, company) or _with_help(error, change)
        other = repeatable.settle(refused(problem)) if repeatable is not None else None
        if other is None:
            raise problem from error
        return other
    assert company.given is not None
    return company.given


def _changed(error: Exception, company: _Company[Any]) -> Problem | None:
    """Return the problem of who saw what has changed while the command looked; else None."""
    if isinstance(error, ChangedMeanwhile):
        try:
            with transaction.atomic():
                company.refuse_changed()
        except Problem as problem:
            return problem
    return None


def _with_help(error: Exception, change: Change[Any]) -> Problem:
    """Return the problem that an error is, with what the program may do instead."""
    if isinstance(error, Invalid):
        error = Invalid({change.named(name): said for name, said in error.fields.items()})
    problem = problem_of(error)
    if change.instead is not None and isinstance(error, BookingError):
        problem.more.update(change.instead(error))
    return problem
