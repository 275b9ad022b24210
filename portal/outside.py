"""Try the servers that the environment names, so that a wrong name stops the start."""

from __future__ import annotations

import smtplib
import socket

import psycopg
from celery import current_app
from django.conf import settings
from django.core.mail import get_connection
from django.db import connection
from kombu.exceptions import KombuError

from bookings.outlets import sms

OLDEST_POSTGRESQL = 15


class Unusable(Exception):
    """A server that the portal was told to use cannot be used; the text names the variable."""


def try_database() -> None:
    """Connect to the database once.

    Raises:
        Unusable: it does not answer, refuses us or is too old.
    """
    where = {"connect_timeout": 5, **connection.get_connection_params()}
    try:
        with psycopg.connect(**where) as server:
            version = server.info.server_version // 10_000
    except psycopg.Error as error:
        raise Unusable(f"DATABASE_URL: the database cannot be used: {_first_line(error)}") from None
    if version < OLDEST_POSTGRESQL:
        raise Unusable(f"DATABASE_URL: PostgreSQL {version} is too old; 15 is the oldest.")


def try_broker() -> None:
    """Connect to Celery's broker once; the one made of files needs no trial.

    Raises:
        Unusable: it does not answer or refuses us.
    """
    if settings.CELERY_BROKER_URL.startswith(("filesystem:", "memory:")):
        return
    try:
        with current_app.connection_for_write(connect_timeout=5) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=5)
    except KombuError as error:
        said = _first_line(error)
        raise Unusable(f"CELERY_BROKER_URL: the broker cannot be used: {said}") from None


def try_mail() -> str:
    """Sign in to the mail server once; returns a warning when it only seems to be away.

    Mail waits in the outbox until the server is back, so that alone must not stop the portal.

    Raises:
        Unusable: there is no such host, or the server refuses the sign-in.
    """
    if not settings.EMAIL_HOST:
        return ""
    mail = get_connection(timeout=5)
    try:
        mail.open()
        mail.close()
    except (socket.gaierror, smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError) as no:
        raise Unusable(f"EMAIL_URL: the mail server cannot be used: {_first_line(no)}") from None
    except (OSError, smtplib.SMTPException) as error:
        return f"EMAIL_URL: the mail server does not answer now: {_first_line(error)}"
    return ""


def try_gateway() -> None:
    """Make the gateway for text messages once; nothing is sent.

    Raises:
        Unusable: there is no such class, or it does not take the account.
    """
    try:
        sms.gateway()
    except Exception as error:
        raise Unusable(f"SMS_GATEWAY: the gateway cannot be used: {_first_line(error)}") from None


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return f"{lines[0].rstrip('.')}."
