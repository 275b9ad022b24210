"""`manage.py outbox`: see what is on its way out, and decide about it."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bookings import outbox
from bookings.models import Business, Instance, Outlet
from bookings.models.outbox import BY_STATE, WAITING
from bookings.queries import outgoing
from bookings.queries.outgoing import Wanted

SHOWN: Final = 20


class Command(BaseCommand):
    help = "Shows, replays, drops, holds and releases what the portal sends."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        show = acts.add_parser("show", help="Counts by outlet and state, and the dead letters.")
        show.add_argument("--limit", type=int, default=SHOWN, help="Most dead letters shown.")
        replay = acts.add_parser("replay", help="Puts dead letters back into the queue.")
        drop = acts.add_parser("drop", help="Drops what waits: it is never sent.")
        hold = acts.add_parser("hold", help="Sends nothing until it is released.")
        hold.add_argument("--because", default="Held by hand.", help="What admins read.")
        release = acts.add_parser("release", help="Sends again.")
        release.add_argument(
            "--drop-before", type=_instant, help="Drops what was due before this instant."
        )
        for each in (replay, drop):
            each.add_argument("ids", nargs="*", type=UUID, help="Messages by their id.")
            each.add_argument("--yes", action="store_true", help="Asks nothing.")
        for each in (show, replay, drop):
            _add_filters(each)

    def handle(self, *, act: str, **options: Any) -> None:
        """Do it.

        Raises:
            CommandError: nothing is named, or somebody says no.
        """
        self.now = timezone.now()
        acts: dict[str, Callable[[dict[str, Any]], None]] = {
            "show": self._show,
            "replay": self._replay,
            "drop": self._drop,
            "hold": self._hold,
            "release": self._release,
        }
        acts[act](options)

    def _show(self, options: dict[str, Any]) -> None:
        wanted = self._wanted(options)
        self._say_standing()
        for pile in outgoing.piles(wanted):
            name = f"{pile.outlet} {pile.state}"
            self.stdout.write(
                f"{name:<18}{pile.count:>8}  due from {pile.oldest:%Y-%m-%d %H:%M} UTC"
            )
        dead = wanted.rows().filter(BY_STATE["failed"]).order_by("-failed_at", "-pk")
        for message in dead[: options["limit"]]:
            self.stdout.write(
                f"{message.public_id}  {message.outlet} {message.topic}"
                f"  after {message.attempts} tries: {message.error}"
            )

    def _replay(self, options: dict[str, Any]) -> None:
        dead = self._named(options).rows().filter(BY_STATE["failed"])
        self._ask(options, f"Send {dead.count()} dead letters again?")
        self.stdout.write(f"Put back into the queue: {outbox.replay(dead, now=self.now)}.")

    def _drop(self, options: dict[str, Any]) -> None:
        waiting = self._named(options).rows().filter(WAITING)
        self._ask(options, f"Drop {waiting.count()} messages for good?")
        self.stdout.write(f"Dropped: {outbox.drop(waiting, now=self.now)}.")

    def _hold(self, options: dict[str, Any]) -> None:
        outbox.hold(because=options["because"], now=self.now)
        self._say_standing()

    def _release(self, options: dict[str, Any]) -> None:
        if before := options["drop_before"]:
            old = Wanted(until=before).rows()
            self.stdout.write(f"Dropped: {outbox.drop(old, now=self.now)}.")
        waiting = outgoing.held(now=self.now)
        outbox.release()
        self.stdout.write(f"Sending goes on. {_what_waits(waiting) if waiting else ''}".strip())

    def _say_standing(self) -> None:
        if held := outgoing.held(now=self.now):
            self.stdout.write(f"Held since {held.since:%Y-%m-%d %H:%M} UTC: {held.because}")
            self.stdout.write(_what_waits(held))
        elif Instance.objects.exists():
            self.stdout.write("Sending is not held.")

    def _named(self, options: dict[str, Any]) -> Wanted:
        """Return what is asked for, which may not be everything by mistake."""
        wanted = self._wanted(options)
        if wanted == Wanted():
            raise CommandError("Say which: ids, or a filter such as --since or --outlet.")
        return wanted

    def _wanted(self, options: dict[str, Any]) -> Wanted:
        slug = options["business"]
        if slug and not Business.objects.filter(slug=slug).exists():
            raise CommandError(f"There is no business {slug}.")
        return Wanted(
            ids=tuple(map(str, options.get("ids", ()))),
            business=slug,
            outlet=options["outlet"],
            state=options["state"],
            topic=options["topic"],
            since=options["since"],
            until=options["until"],
        )

    def _ask(self, options: dict[str, Any], question: str) -> None:
        if not options["yes"] and input(f"{question} [y/N] ").strip().lower() not in ("y", "yes"):
            raise CommandError("Nothing was done.")


def _add_filters(parser: ArgumentParser) -> None:
    parser.add_argument("--business", default="", help="The slug of a business.")
    parser.add_argument("--outlet", default="", choices=Outlet.values)
    parser.add_argument("--state", default="", choices=list(BY_STATE))
    parser.add_argument("--topic", default="")
    parser.add_argument("--since", type=_instant, help="Due at this instant or later, ISO 8601.")
    parser.add_argument("--until", type=_instant, help="Due before this instant, ISO 8601.")


def _instant(text: str) -> datetime:
    """Return an instant written as ISO 8601; one without an offset is UTC."""
    instant = datetime.fromisoformat(text)
    return timezone.make_aware(instant) if timezone.is_naive(instant) else instant


def _what_waits(held: outgoing.Held) -> str:
    if held.first is None or held.last is None:
        return "Nothing has had to wait."
    first, last = (f"{each:%Y-%m-%d %H:%M}" for each in (held.first, held.last))
    return f"{held.count} messages wait, due from {first} to {last} UTC."
