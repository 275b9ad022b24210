"""The mails that were written to files because no mail server is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from bookings.admin.reading import framed, header, read
from bookings.admin.scope import scope_of
from bookings.admin.show import zoned

PER_PAGE = 50
HEADERS_WITHIN = 64 * 1024
LARGEST = 10 * 1024 * 1024

Admin = admin.ModelAdmin[Any]


@dataclass(frozen=True)
class Entry:
    """A file in the list."""

    name: str
    subject: str
    to: str
    written: str


def is_used() -> bool:
    """Say whether mails are written to files, because `EMAIL_URL` names no server."""
    return str(settings.EMAIL_BACKEND) == "portal.mail.FileBackend"


def urls(of: Admin) -> list[URLPattern]:
    """Return the pages: for superusers, because the files are those of all businesses."""

    def page(view: Callable[..., HttpResponse | FileResponse]) -> Callable[..., HttpResponse]:
        return of.admin_site.admin_view(partial(_allowed, view, of))

    return [
        path("files/", page(listing), name="mail_files"),
        path("files/<str:name>/", page(one), name="mail_file"),
        path("files/<str:name>/html/", page(html), name="mail_file_html"),
        path("files/<str:name>/raw/", page(raw), name="mail_file_raw"),
    ]


def listing(of: Admin, request: HttpRequest) -> HttpResponse:
    """List the mails, newest first. Cost: reads the heads of one page of files."""
    newest_first = sorted(_files(), key=lambda file: file.name, reverse=True)
    page = Paginator(newest_first, PER_PAGE).get_page(request.GET.get("p"))
    context = {
        **of.admin_site.each_context(request),
        "title": _("Mail files"),
        "opts": of.opts,
        "page": page,
        "entries": [_entry(file) for file in page],
        "folder": settings.MAIL_DIR,
    }
    return TemplateResponse(request, "admin/bookings/mail_files.html", context)


def one(of: Admin, request: HttpRequest, name: str) -> HttpResponse:
    """Show one mail: text, HTML in a frame of its own, names of what is attached."""
    file = _file(name)
    mail = read(_content(file))
    context = {
        **of.admin_site.each_context(request),
        "title": mail.subject or _("Mail"),
        "opts": of.opts,
        "mail": mail,
        "name": file.name,
    }
    return TemplateResponse(request, "admin/bookings/mail_file.html", context)


def html(of: Admin, request: HttpRequest, name: str) -> HttpResponse:
    """Answer with the HTML of one mail, for its frame."""
    return framed(read(_content(_file(name))).html)


def raw(of: Admin, request: HttpRequest, name: str) -> FileResponse:
    """Hand out a file as it is, never to be shown in the browser."""
    file = _file(name)
    return FileResponse(
        file.open("rb"), as_attachment=True, filename=file.name, content_type="message/rfc822"
    )


def _allowed(view: Callable[..., Any], of: Admin, request: HttpRequest, **found: str) -> Any:
    if not scope_of(request).is_everything:
        raise PermissionDenied
    if not is_used():
        raise Http404
    return view(of, request, **found)


def _files() -> list[Path]:
    return [file for file in Path(settings.MAIL_DIR).glob("*.eml") if file.is_file()]


def _file(name: str) -> Path:
    """Return the file of that name among those that are listed.

    Raises:
        Http404: none of them has it.
    """
    for file in _files():
        if file.name == name:
            return file
    raise Http404


def _content(file: Path) -> bytes:
    with file.open("rb") as content:
        return content.read(LARGEST)


def _entry(file: Path) -> Entry:
    with file.open("rb") as content:
        head = content.read(HEADERS_WITHIN).partition(b"\n\n")[0]
    mail = message_from_bytes(head, policy=policy.default)
    written = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return Entry(file.name, header(mail, "Subject"), header(mail, "To"), zoned(written, "UTC"))
