"""Operations: what an address does for a method, declared once for calls and for the schema."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from http import HTTPMethod, HTTPStatus
from time import perf_counter
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_cache_control
from pydantic import BaseModel
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.callers import Caller
from accounts.doors import Door, opens_to
from accounts.roles import Capability
from accounts.scopes import Scope
from bookings.errors import BookingError
from bookings.faces.api.access import caller_behind, colleague_behind, require_factor, require_scope
from bookings.faces.api.answering import Answer, answer, is_known, refused
from bookings.faces.api.call import Call, Knock
from bookings.faces.api.changing import Change, carried_out
from bookings.faces.api.journal import journal, without_ids
from bookings.faces.api.problems import Problem, problem_of
from bookings.faces.api.reading import body_of, query_of, refuse_body
from bookings.faces.api.repeating import Repeatable, repeatable
from bookings.faces.api.shapes import Asked, Shown, fields_of
from bookings.faces.api.throttle import count_call, enforce, told
from bookings.faces.counting import Quota
from bookings.models import Call as MadeCall

Handler = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Counted:
    """When somebody has come in, and what is left of their calls."""

    now: datetime
    quota: Quota


@dataclass(frozen=True)
class Visit(Counted):
    """Who has come in with a token; `began` is by the clock that only measures."""

    caller: Caller
    began: float


@dataclass(frozen=True)
class Described(ABC):
    """What a method of an endpoint is, whoever may call it.

    `query` and `body` are the shapes of what is sent, `shows` of what is answered with `status`.
    `sends` are the media types of a file, where it answers with one instead.
    `refuses` are the refusals of the command behind it.
    """

    id: str
    summary: str
    query: type[Asked] | None = field(default=None, kw_only=True)
    body: type[Asked] | None = field(default=None, kw_only=True)
    shows: type[Shown] | None = field(default=None, kw_only=True)
    sends: tuple[str, ...] = field(default=(), kw_only=True)
    status: int = field(default=200, kw_only=True)
    refuses: tuple[type[BookingError], ...] = field(default=(), kw_only=True)

    def __call__(self, method: Callable[..., object]) -> Handler:
        """Return the handler that Django REST framework calls.

        `method` gets the call, then what was sent as `query` and `body` where they are declared,
        and the ids of the address. It returns what is shown, the change to be made, or a file.
        """

        @wraps(method)
        def handle(view: APIView, request: Request, **ids: Any) -> HttpResponseBase:
            call = self.let_in(request, ids)
            again = repeatable(call.request, call.connection, now=call.now)
            if again is not None and (earlier := again.earlier()) is not None:
                response: HttpResponseBase = earlier.response()
            else:
                sent = self._sent(call.request)
                found = method(view, call, **sent, **ids)
                response = self._told(call, found, sent.get("query"), again)
            if request.method in SAFE_METHODS:
                patch_cache_control(response, private=True, no_cache=True)
            else:
                patch_cache_control(response, no_store=True)
            return response

        vars(handle)["operation"] = self
        return handle

    @abstractmethod
    def let_in(self, request: Request, ids: dict[str, Any]) -> Knock:
        """Return the call of somebody who may make it; takes out of `ids` what it has used up.

        Raises:
            Problem, BookingError: they may not.
        """

    def _sent(self, request: Request) -> dict[str, Any]:
        """Return what was sent, as the method wants it."""
        sent: dict[str, Any] = {}
        query = query_of(self.query or Asked, request.GET)
        if self.query is not None:
            sent["query"] = query
        if self.body is not None:
            sent["body"] = body_of(self.body, request)
        elif request.method not in SAFE_METHODS:
            refuse_body(request)
        return sent

    def _told(
        self, call: Knock, found: object, query: Asked | None, again: Repeatable | None
    ) -> HttpResponseBase:
        if isinstance(found, HttpResponseBase):
            return found
        if isinstance(found, Change):
            expected = call.request.headers.get("If-Match", "")
            return carried_out(
                found, expected=expected, repeatable=again, status=self.status
            ).response()
        given = self._given(found, query)
        if call.request.method == "GET" and is_known(call.request, given):
            given = Answer(304, "", {"ETag": given.headers["ETag"]})
        return given.response()

    def _given(self, found: object, query: Asked | None) -> Answer:
        if isinstance(found, Answer):
            return found
        only: frozenset[str] = getattr(query, "fields", frozenset())
        if self.shows is not None and (unknown := only - fields_of(self.shows)):
            said = [f"There is no field {name}." for name in sorted(unknown)]
            errors = [{"parameter": "fields", "detail": each} for each in said]
            raise Problem(400, "bad_query", "The address is not as it should be.", errors=errors)
        return answer(cast(BaseModel | None, found), status=self.status, only=only)


@dataclass(frozen=True)
class Operation(Described):
    """What a method of an endpoint is for a program with a token.

    `scope` is what the token needs, `needs` what the role of its owner in the business needs.
    """

    scope: Scope = field(kw_only=True)
    needs: Capability | None = field(default=None, kw_only=True)

    def let_in(self, request: Request, ids: dict[str, Any]) -> Call:
        """Return the call of a program, in the business that the address names.

        Raises:
            Problem: its token is not good for this.
            NotFound, NotAllowed: by who its owner is in the business.
        """
        business: UUID | None = ids.pop("business", None)
        visit = request.auth
        assert isinstance(visit, Visit), "an address with operations for programs is for programs"
        caller = visit.caller
        require_scope(caller, self.scope)
        if business is None or self.needs is None:
            if caller.user.is_staff:
                require_factor(caller.user)
            return Call(request, caller, visit.now)
        return Call(request, caller, visit.now, colleague_behind(caller, business, self.needs))


class JsonAlways(DefaultContentNegotiation):
    """Answers in JSON, whatever a caller would rather have: there is nothing else."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Return the one renderer."""
        return renderers[0], renderers[0].media_type


class Endpoint(APIView):
    """One address of the API; each of its methods is an operation."""

    authentication_classes = ()
    permission_classes = ()
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = JsonAlways
    http_method_names = ["get", "post", "put", "patch", "delete", "head"]
    door = Door.PROGRAM
    code = ""
    """Why the call was refused; "" where it was not."""

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponse]:  # type: ignore[override]
        """Return the view, which says whom it is for."""
        return opens_to(cls.door)(super().as_view(**initkwargs))

    @classmethod
    def operations(cls) -> dict[str, Described]:
        """Return what it does, by method in capitals."""
        handlers = {name.upper(): getattr(cls, name, None) for name in cls.http_method_names}
        known = {name: getattr(handler, "operation", None) for name, handler in handlers.items()}
        return {name: each for name, each in known.items() if each is not None}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let in who has a valid token, and has not called too often.

        Raises:
            Problem: 401 or 429.
        """
        super().initial(request, *args, **kwargs)
        if self.door == Door.PROGRAM:
            began, now = perf_counter(), timezone.now()
            caller = caller_behind(request, now=now)
            quota = count_call(caller.connection, now=now)
            request.auth = Visit(now, quota, caller, began)
            enforce(quota)

    def finalize_response(  # type: ignore[override]
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Tell who is counted what is left of their calls, and note those with a token."""
        if isinstance(request.auth, Counted):
            for name, value in told(request.auth.quota).items():
                response[name] = value
        if isinstance(request.auth, Visit):
            journal.note(self._noted(request, response, request.auth))
        return super().finalize_response(request, cast(Response, response), *args, **kwargs)

    def handle_exception(self, exc: Exception) -> HttpResponse:  # type: ignore[override]
        """Answer every error with a problem."""
        is_read = self.request.method in ("GET", "HEAD")
        problem = problem_of(exc, is_read=is_read)
        self.code = problem.code
        response = refused(problem).response()
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            response["Allow"] = ", ".join(self.allowed_methods)
        return response

    def _noted(self, request: Request, response: HttpResponseBase, visit: Visit) -> MadeCall:
        method, found = str(request.method), request.resolver_match
        assert found is not None, "what is called has been found"
        return MadeCall(
            caller=visit.caller.program,
            method=method if method in HTTPMethod.__members__ else "",
            path=without_ids(found.route),
            status=response.status_code,
            code=self.code,
            took_ms=round((perf_counter() - visit.began) * 1000),
            at=visit.now,
        )


class NotThere(Endpoint):
    """Where nothing is, for any method."""

    http_method_names = [*Endpoint.http_method_names, "options", "trace"]
    door = Door.PUBLIC

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Say that there is nothing, and where there may be something."""
        return refused(nothing_at(request.path)).response()


def nothing_at(path: str) -> Problem:
    """Return that there is nothing at an address, and where there may be something."""
    detail = "There is nothing at this address."
    if not path.endswith("/"):
        detail = f"{detail} Addresses of the API end in a slash."
    return Problem(404, "not_found", detail)
