"""Two businesses with one of everything in each, and somebody for every actor."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlencode

from allauth.account.internal.flows.login import record_authentication
from allauth.idp.oidc.models import Client as App
from allauth.idp.oidc.models import Token
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Model
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from accounts import callers
from accounts.clients import CODE, WantedClient, make_client
from accounts.doors import Door
from accounts.models import AccessToken, User
from accounts.scopes import Scope
from bookings import commands
from bookings.models import (
    AvailabilityRange,
    Booking,
    Business,
    ChoicePurpose,
    Event,
    Invitation,
    Membership,
    Message,
    OwnWording,
    Question,
    Resource,
    Service,
    TimeOff,
)
from portal.routes import Route
from tests import make
from tests.permissions.bodies import asked_of, body_for
from tests.permissions.walk import Knock

CALLBACK = "https://program.example/back"
FOREIGN, COLLEAGUE = "zebra", "heron"
"""Words in everything of the other business, and in everything of a colleague's customers."""
ARGUMENT = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
ANYTHING = re.compile(r"\(?(/?)\[\\s\\S\]\*(?:\)\?)?")
EXPRESSION = re.compile(r"\(\?P<(?P<name>\w+)>[^)]*\)")


@dataclass
class Side:
    """One business, its people, and its rows by the word that stands for them in addresses."""

    business: Business
    service: Service
    users: dict[str, User] = field(default_factory=dict)
    own: dict[str, Model] = field(default_factory=dict)
    other: dict[str, Model] = field(default_factory=dict)
    times: dict[str, str] = field(default_factory=dict)

    def named(self) -> dict[str, Model | str]:
        """Return the rows, and the times, by the words that bodies have for them."""
        staff, duplicate = self.own["resource"], self.other["customer"]
        return {**self.own, **self.times, "staff": staff, "duplicate": duplicate}


class World:
    """The businesses A and B; everybody knocks at A's doors."""

    def __init__(self) -> None:
        now = timezone.now()
        self.a, self.b = _side("own", COLLEAGUE, now), _side(FOREIGN, FOREIGN, now)
        Business.objects.filter(pk=self.b.business.pk).update(is_published=False)
        booking = self.a.own["booking"]
        assert isinstance(booking, Booking)
        self.links = {
            "site:details": commands.hold(
                service=self.a.service, starts_at=_start(self.a.service, now, 4), now=now
            ).token,
            "site:reminders": commands.opt_out_token(booking=booking),
            "site:choice": commands.choice_token(
                booking=booking,
                purpose=ChoicePurpose.RECONFIRMATION,
                address=booking.email,
                until=booking.appointment.starts_at,
                now=now,
            ),
            "desk:invitation": commands.invitation_token(
                invitation=_invited(self.a, "newcomer", now)
            ),
            "feeds:feed": _feed_token(booking, now),
            "site:feed": _feed_token(booking, now),
        }
        for here in ("hold", "hold_starts", "hold_days"):
            self.links[f"api:public_{here}"] = self.links["site:details"]
        self.asked = {
            "admin:autocomplete": {
                "app_label": "bookings",
                "model_name": "timeoff",
                "field_name": "resource",
                "term": "",
            },
            "oauth:authorize": {
                "client_id": self.a.own["client"].pk,
                "response_type": "code",
                "redirect_uri": CALLBACK,
                "scope": Scope.BOOKINGS_READ.value,
                "code_challenge": urlsafe_b64encode(sha256(b"verifier").digest()).decode()[:-1],
                "code_challenge_method": "S256",
            },
        }
        """What routes want to be asked that declare no operation."""
        self.manage = commands.manage_token(booking=booking, now=now)
        self.letter = _letter_file()
        self.clients: dict[str, Client] = {}
        self.tokens: dict[str, str] = {}
        for actor, user in self._people().items():
            self.tokens[actor] = token_of(user, *Scope)
            self.clients[actor] = Client(raise_request_exception=False)
            self.clients[actor].force_login(user)
            if user.authenticator_set.exists():
                _show_factor(self.clients[actor], user)
        User.objects.filter(pk=self.a.users["disabled"].pk).update(is_active=False)

    def client(self, actor: str, route: Route) -> Client:
        """Return the browser of an actor; who has only a link, or nothing, is not signed in.

        Programs have no browser: what they send says who they are.
        """
        bare = Client(raise_request_exception=False)
        return bare if route.door is Door.PROGRAM else self.clients.get(actor, bare)

    def knock(self, route: Route, verb: str, actor: str) -> Knock:
        """Return what an actor sends to a route: a program's token is good for everything."""
        address = self.address(route, actor, verb)
        if not route.name.startswith("api:"):
            return Knock(verb, address, route)
        if route.door is Door.PROGRAM:
            body, token = body_for(route, verb, self.a.named()), self.tokens.get(actor, "")
        else:
            body, token = body_for(route, verb, self.to_strangers()), ""
        return Knock(verb, address, route, body=body, kind="application/json", token=token)

    def address(self, route: Route, actor: str, verb: str = "GET") -> str:
        """Return the address of a route as an actor would open it, with rows of A in it."""

        def filled(found: re.Match[str]) -> str:
            return self._value(route, found["name"], found.groupdict().get("kind"), actor)

        whole = ANYTHING.sub(r"\1nothing/", EXPRESSION.sub(filled, route.pattern))
        plain = whole.replace("^", "").replace("$", "")
        asked = self.asked.get(route.name) or asked_of(route, verb, self.a.named())
        return "/" + ARGUMENT.sub(filled, plain) + (f"?{urlencode(asked)}" if asked else "")

    def rows_of(self, route: Route) -> set[str]:
        """Return the words for the rows that the address of a route names, the business left out.

        A member of the staff has rows of their own; of a business they have none but that one.
        """
        names = {found["name"] for found in ARGUMENT.finditer(route.pattern)}
        return names & {"object_id", "number", *self.a.own} - {"business"}

    def names_a_row(self, route: Route) -> bool:
        """Say whether the address of a route names a row, be it the business alone."""
        return bool(self.rows_of(route)) or "<uuid:business>" in route.pattern

    def to_strangers(self) -> dict[str, Model | str]:
        """Return what bodies of strangers name: rows of A, and what is held for one of them."""
        session, hold = self.a.own["appointment"], self.links["site:details"]
        return {**self.a.named(), "appointment": session, "hold_token": hold}

    def is_link(self, route: Route) -> bool:
        """Say whether a route is opened by a secret in its address."""
        return "token>" in route.pattern

    def _value(self, route: Route, name: str, kind: str | None, actor: str) -> str:
        if name == "token":
            right = self.links.get(route.name, self.manage)
            return right if actor == "right_link" else "wrong-" + right[6:]
        plain = {
            "slug": self.a.business.slug,
            "name": self.letter if route.name.startswith("admin:") else self.a.service.slug,
            "app_label": "bookings",
            "url": "nowhere",
            "id": str(self.a.users["viewer"].pk),
            "uidb36": "1",
            "key": "set-password",
            "pk": "1",
            "kind": "csv",
            "gateway": "file",
        }
        if name in plain:
            return plain[name]
        side = self.b if actor == "admin_stray" else self.a
        if name == "business" and self.rows_of(route):
            side = self.a
        rows = side.other if actor == "team_other" else side.own
        if name in ("object_id", "number"):
            row = rows[_model_of(route)]
            return str(row.pk)
        assert name in rows, f"{route.name} names a <{name}>: put one into the rows of this world"
        row = rows[name]
        if kind == "slug":
            return str(getattr(row, "slug", row.pk))
        return str(getattr(row, "public_id", row.pk)) if kind == "uuid" else str(row.pk)

    def _people(self) -> dict[str, User]:
        a, b = self.a.users, self.b.users
        return {
            **{role: a[role] for role in ("guest", "viewer", "scheduler", "admin", "disabled")},
            "team_own": a["team_member"],
            "team_other": a["team_member"],
            "admin_stray": a["admin"],
            "admin_without_mfa": a["admin_without_mfa"],
            "foreign_team": b["team_member"],
            "foreign_admin": b["admin"],
            "nobody": make.user(),
            "superuser": _with_mfa(User.objects.create_superuser("root@people.example")),
        }


def _side(word: str, hidden: str, now: datetime) -> Side:
    business = make.business(name=f"{word} house", mailbox=f"{word}@house.example")
    roles = ("admin", "team_member", "scheduler", "viewer", "guest")
    users = {role: make.member(business, role, name=f"{word} {role}") for role in roles}
    users["admin_without_mfa"] = make.member(business, "admin", name=f"{word} bare")
    users["disabled"] = make.member(business, "admin", name=f"{word} gone")
    _with_mfa(users["admin"])
    mine = make.staff(business, name=f"{word} anna", user=users["team_member"])
    theirs = make.staff(business, name=f"{word} ben")
    service = make.service(business, by=[mine, theirs], name=f"{word} cut", capacity=3)
    side = Side(business, service, users)
    side.own = _rows(side, mine, word, word, now)
    side.other = _rows(side, theirs, word, hidden, now)
    side.times = _times(side, now)
    return side


def _times(side: Side, now: datetime) -> dict[str, str]:
    """Return times that fit, by the words that calls have for them: the start is a free one."""
    service = side.own["service"]
    assert isinstance(service, Service)
    start = _start(service, now, 12)
    times = {
        "starts_at": start,
        "ends_at": start + timedelta(days=1),
        "since": now - timedelta(days=1),
        "until": now,
    }
    days = {"first_day": now.date(), "last_day": now.date() + timedelta(days=30)}
    return {name: at.isoformat() for name, at in (times | days).items()}


def _rows(
    side: Side, staff: Resource, word: str, customers_word: str, now: datetime
) -> dict[str, Model]:
    """Return one of everything that belongs to a member of the staff, every text with a word."""
    webhook = make.subscription(side.business, url=f"https://{word}.example/{staff.pk}")
    service = make.service(
        side.business, by=[staff], name=f"{word} wash", capacity=2, has_waitlist=True
    )
    question = make.question(service, text=f"{word} question?")
    contact = make.contact(
        name=f"{customers_word} guest", email=f"{customers_word}{staff.pk}@example.org"
    )
    booking = commands.book(
        service=service,
        starts_at=_start(service, now, 0),
        contact=contact,
        answers={str(question.public_id): f"{customers_word} answer"},
        now=now,
    ).booking
    commands.take_time_off(
        business=side.business,
        resources=[staff],
        starts_at=now + timedelta(days=20),
        ends_at=now + timedelta(days=21),
        title=f"{word} holiday",
        now=now,
    )
    assert booking.customer is not None
    owner = staff.user or side.users["admin"]
    feed = commands.make_feed(
        business=side.business,
        user=owner,
        resource=staff,
        now=now,
        actor=commands.Actor("staff", "own admin"),
    )
    viewer = Membership.objects.get(business=side.business, user=side.users["viewer"])
    return {
        "access": _access(owner, customers_word, now),
        "client": _client(owner, customers_word, now),
        "feed": feed,
        "booking": booking,
        "appointment": booking.appointment,
        "hold": commands.hold(
            service=service, starts_at=_start(service, now, 5), staff=staff, now=now
        ).booking,
        "customer": booking.customer,
        "resource": staff,
        "service": service,
        "business": side.business,
        "availabilityrange": AvailabilityRange.objects.create(
            service=service,
            first_day=now.date(),
            last_day=now.date() + timedelta(days=9),
            availability="staff",
        ),
        "question": Question.objects.get(pk=question.pk),
        "ownwording": OwnWording.objects.create(
            business=side.business,
            topic="confirmed",
            language=f"x-{staff.pk}",
            subject=f"{word} subject",
            text=f"{word} opening",
        ),
        "message": Message.objects.filter(booking=booking, outlet="email")[0],
        "subscription": webhook,
        "delivery": Message.objects.filter(booking=booking, subscription=webhook)[0],
        "event": Event.objects.filter(booking=booking)[0],
        "time_off": TimeOff.objects.get(resource=staff),
        "timeoff": TimeOff.objects.get(resource=staff),
        "invitation": _invited(side, f"{word}{staff.pk}", now),
        "member": viewer,
        "membership": viewer,
        "user": side.users["viewer"],
    }


def _access(owner: User, word: str, now: datetime) -> AccessToken:
    """Return an access token of somebody."""
    token, _secret = callers.issue(
        user=owner, name=f"{word} script", scopes=Scope, expires_at=None, now=now
    )
    return token


def _client(owner: User, word: str, now: datetime) -> App:
    """Return a client that somebody has made, and let in themselves."""
    wanted = WantedClient(f"{word} program", False, [CODE], [CALLBACK], [Scope.BOOKINGS_READ])
    client, _secret = make_client(owner=owner, wanted=wanted, now=now)
    let_in = Token(type=Token.Type.REFRESH_TOKEN, client=client, user=owner, created_at=now)
    let_in.set_value(client.pk)
    let_in.save()
    return client


def _invited(side: Side, name: str, now: datetime) -> Invitation:
    return commands.invite(
        business=side.business,
        email=f"{name}@people.example",
        role="viewer",
        now=now,
        actor=commands.Actor("staff", "own admin"),
    )


def _feed_token(booking: Booking, now: datetime) -> str:
    assert booking.customer is not None
    return commands.feed_token(commands.feed_for(customer=booking.customer, now=now))


def _start(service: Service, now: datetime, skip: int) -> datetime:
    return make.next_start(service, now, skip=skip)


def _with_mfa(user: User) -> User:
    """Return the user, with a second factor set up."""
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    return user


def token_of(user: User, *scopes: Scope) -> str:
    """Return a token of a user that needs no note of its use for a day."""
    now = timezone.now()
    row, token = callers.issue(user=user, name="Walk", scopes=scopes, expires_at=None, now=now)
    AccessToken.objects.filter(pk=row.pk).update(last_used_at=now + timedelta(days=1))
    return token


def _show_factor(client: Client, user: User) -> None:
    """Note in the session that the second factor was shown."""
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, user, "mfa")
    request.session.save()


def _model_of(route: Route) -> str:
    """Return the word for the row of an admin's address: the model in it."""
    return route.pattern.removeprefix("admin/").split("/")[1]


def _letter_file() -> str:
    """Return the name of a letter that was written as a file."""
    settings.MAIL_DIR.mkdir(parents=True, exist_ok=True)
    file = settings.MAIL_DIR / "20310303-070000-letter.eml"
    file.write_bytes(b"Subject: A letter\r\nTo: own@example.org\r\n\r\nHello\r\n")
    return str(file.name)
