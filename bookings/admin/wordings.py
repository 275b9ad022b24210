"""A business's own words for its letters: written, looked at, and tried on oneself."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.addresses import proven
from accounts.models import User
from bookings import outlets
from bookings.admin.reading import Reading, framed, read
from bookings.admin.rows import OwnForm, Rows
from bookings.composing.examples import example_of
from bookings.composing.own_wording import WORDED
from bookings.models import OwnWording
from bookings.outlets import Envelope, OutletError
from bookings.outlets.email import composed
from bookings.outlets.filling import BLANKS, unknown_blanks

MOST_TESTS, SECONDS = 5, 600
"""How many test letters somebody may send themselves in how long a time."""


class WordingForm(OwnForm):
    """One piece of news in one language: a subject, an opening, or both."""

    topic = forms.ChoiceField(label=gettext_lazy("News"), choices=lambda: list(WORDED.items()))
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=lambda: list(settings.LANGUAGES)
    )

    class Meta:
        labels = {"subject": gettext_lazy("Subject"), "text": gettext_lazy("Opening")}
        help_texts = {
            "subject": gettext_lazy("Empty: the portal’s own."),
            "text": gettext_lazy(
                "Stands in place of the greeting and the first sentences. When, where and the"
                " links always stay below. Plain text; empty: the portal’s own."
            ),
        }

    def clean(self) -> dict[str, Any] | None:
        """Refuse a wording that says nothing."""
        typed = super().clean() or self.cleaned_data
        if not (typed.get("subject") or typed.get("text")) and not self.errors:
            self.add_error("text", _("Write a subject, an opening, or both."))
        return typed


@admin.register(OwnWording)
class OwnWordingAdmin(Rows[OwnWording]):
    """Word a letter, see how it looks, and send it to oneself."""

    form = WordingForm
    list_display = ("news", "spoken", "business", "subject")
    list_display_links = ("news",)
    list_filter = ("business", "language")
    list_select_related = ("business",)
    ordering = ("business__name", "topic", "language")
    autocomplete_fields = ("business",)
    fields = ("business", "topic", "language", "subject", "text")
    change_form_template = "admin/bookings/wording.html"

    def get_urls(self) -> list[URLPattern]:
        """Return the pages of a wording: as HTML for the frame, and the sending of a test."""
        view = self.admin_site.admin_view
        return [
            path("<int:number>/html/", view(self.html), name="bookings_ownwording_html"),
            path("<int:number>/test/", view(self.test), name="bookings_ownwording_test"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return the wordings with their business."""
        return super().get_queryset(request).select_related("business")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the words, the blanks there are, and the letter as it would leave."""
        own = context["original"]
        blanks = {f"{{{{ {name} }}}}": said for name, said in BLANKS.items()}
        shown: dict[str, object] = {"blanks": blanks}
        if own is not None:
            address = proven(cast(User, request.user))
            shown |= {"mail": shown_as(own, address), "address": address}
        return super().render_change_form(request, context | shown, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: OwnWording, form: Any, change: bool) -> None:
        """Save the words, and name what looks like a blank but is none."""
        super().save_model(request, obj, form, change)
        if unknown := unknown_blanks(f"{obj.subject}\n{obj.text}"):
            said = _("%(blanks)s will be read as it stands: there is no such blank.")
            messages.warning(request, said % {"blanks": ", ".join(dict.fromkeys(unknown))})

    def html(self, request: HttpRequest, number: int) -> HttpResponse:
        """Answer with the HTML of the letter, for the frame."""
        return framed(shown_as(self._found(request, number), "").html)

    def test(self, request: HttpRequest, number: int) -> HttpResponse:
        """Send the letter to whoever asks, at the address they have proved, by a POST."""
        own = self._found(request, number)
        if request.method == "POST":
            self._send_test(request, own)
        return redirect(reverse("admin:bookings_ownwording_change", args=[own.pk]))

    def _found(self, request: HttpRequest, number: int) -> OwnWording:
        own = self.get_object(request, str(number))
        if own is None or not self.has_change_permission(request, own):
            raise Http404
        return own

    def _send_test(self, request: HttpRequest, own: OwnWording) -> None:
        """Send it by the way of all letters, but past the outbox: nobody waits for it."""
        user, now = cast(User, request.user), timezone.now()
        address = proven(user)
        if not address:
            messages.error(request, _("Confirm your own e-mail address first."))
            return
        if not may_test(user):
            messages.error(request, _("Please wait a few minutes before the next test."))
            return
        key = f"test:{uuid.uuid4()}"
        try:
            outlets.send(Envelope(key=key, address=address, letter=example_of(own, now=now)))
        except OutletError as refusal:
            said = _("The test has not left: %(reason)s")
            messages.error(request, said % {"reason": refusal})
            return
        messages.success(request, _("The test is on its way to %(email)s.") % {"email": address})

    @admin.display(description=gettext_lazy("news"), ordering="topic")
    def news(self, own: OwnWording) -> str:
        """Return what the letter tells."""
        names = {topic.value: said for topic, said in WORDED.items()}
        return str(names.get(own.topic, own.topic))

    @admin.display(description=gettext_lazy("language"), ordering="language")
    def spoken(self, own: OwnWording) -> str:
        """Return the name of its language."""
        return str(dict(settings.LANGUAGES).get(own.language, own.language))


def shown_as(own: OwnWording, address: str) -> Reading:
    """Return the letter of a wording as it would leave now."""
    now = timezone.now()
    envelope = Envelope(key="example", address=address, letter=example_of(own, now=now))
    return read(composed(envelope, stamp=now).message().as_bytes())


def may_test(user: User) -> bool:
    """Count a test letter of a user, and say whether it may leave."""
    counter = f"test-letters:{user.pk}"
    cache.add(counter, 0, SECONDS)
    return cache.incr(counter) <= MOST_TESTS
