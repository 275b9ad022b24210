"""`manage.py up`: the whole portal from nothing, until Ctrl-C."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any, cast

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper

from bookings.models import Business
from portal import demo, outside, pglocal
from portal.children import Children, PortTaken, listen
from portal.files import locked
from portal.keeper import Kept
from portal.pgprograms import Unavailable
from portal.processes import command_of, recorded_pid

EARLIER_RUN_SECONDS = 60
LOOK_SECONDS = 0.1
UNUSED = ["redoc", "rest_framework"]
"""Folders of static files that come with libraries and stand on no page."""


class Command(BaseCommand):
    """Run database, web, worker and beat together; all of them end with it."""

    help = "Runs the whole portal: database, migrations, demo business, web, worker and beat."
    requires_system_checks: tuple[str, ...] = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until Ctrl-C, SIGTERM, a closed terminal, or the end of a child.

        Raises:
            CommandError: the environment is wrong, or a child ended.
        """
        self.stopping = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stopping.set())
        try:
            with contextlib.ExitStack() as until_end:
                self._run(until_end)
        except (Unavailable, outside.Unusable, PortTaken) as refusal:
            raise CommandError(str(refusal)) from None

    def _run(self, until_end: contextlib.ExitStack) -> None:
        lock = until_end.enter_context(self._only_run())
        place = listen()
        until_end.enter_context(place.listener)
        database: list[Kept] = []
        if settings.EMBEDDED_DATABASE:
            server = pglocal.serve(settings.DATA_DIR, holding=[lock])
            database.append(until_end.enter_context(server))
        for step in (self._try_servers, self._prepare):
            if self.stopping.is_set():
                return
            step()
        children = Children(place, others=database, holding=[lock])
        until_end.callback(children.stop)
        told = False
        while not self.stopping.wait(LOOK_SECONDS):
            if ended := children.first_ended():
                raise CommandError(ended)
            if not told and place.answers():
                self._tell(place.url)
                children.start_background()
                told = True

    @contextlib.contextmanager
    def _only_run(self) -> Iterator[int]:
        """Hold the data folder's lock; what an earlier, killed run left gets time to end."""
        file = settings.DATA_DIR / "up.lock"
        until = time.monotonic() + EARLIER_RUN_SECONDS
        while not self.stopping.wait(LOOK_SECONDS):
            with locked(file) as lock:
                if lock is not None:
                    file.write_text(str(os.getpid()))
                    yield lock
                    return
            owner = command_of(recorded_pid(file) or 0).split()
            if "up" in owner or time.monotonic() > until:
                break
        raise CommandError(f"The portal already runs with the data in {settings.DATA_DIR}.")

    def _try_servers(self) -> None:
        outside.try_database()
        outside.try_broker()
        outside.try_gateway()
        if warning := outside.try_mail():
            self.stderr.write(warning)

    def _prepare(self) -> None:
        """Bring the database up to date; on one's own machine with something to look at."""
        call_command("migrate", verbosity=0, interactive=False)
        if settings.PRODUCTION:
            call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=UNUSED)
        else:
            demo.make_administrator()
            if "demo" in get_commands():
                call_command("demo", lived_in=True, verbosity=0)
            demo.make_members()
        self.business = Business.objects.filter(is_published=True).order_by("pk").first()
        connection.close()
        cast(DatabaseWrapper, connection).close_pool()

    def _tell(self, url: str) -> None:
        """Print where to look and how to sign in."""
        lines = {}
        if self.business:
            lines["Booking page"] = f"{url}/b/{self.business.slug}/"
        lines["Desk"] = f"{url}/desk/"
        lines["Admin"] = f"{url}/admin/"
        lines["Developers"] = f"{url}/developers/"
        if not settings.PRODUCTION:
            lines["Sign in as"] = f"{demo.ADDRESS}  password {demo.password()}"
            for account in demo.ACCOUNTS:
                role = account.role.value.replace("_", " ")
                lines[f"or a {role}"] = f"{account.email}  the same password"
        if not settings.EMAIL_HOST:
            lines["E-mails"] = f"{settings.MAIL_DIR}"
        if settings.SMS is None:
            lines["Text messages"] = f"{settings.SMS_DIR}"
        self.stdout.write("\nThe portal is running; Ctrl-C stops it.\n\n")
        for name, value in lines.items():
            self.stdout.write(f"  {name:<18}{value}\n")
        self.stdout.write("\n")
        self.stdout.flush()
