"""What happened and what was sent about it: events and messages."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings import outbox
from bookings.admin import mail_files
from bookings.admin.attending import Decided
from bookings.admin.held import tell_held
from bookings.admin.preview import preview
from bookings.admin.reading import framed
from bookings.admin.rows import ReadOnly, ReadOnlyRows
from bookings.admin.scope import scope_of
from bookings.admin.show import NOTHING, line, zoned
from bookings.admin.tries import Tries
from bookings.models import Event, Message
from bookings.models.outbox import BY_STATE

STATES = {
    "waiting": gettext_lazy("waiting"),
    "retrying": gettext_lazy("trying again"),
    "sent": gettext_lazy("sent"),
    "failed": gettext_lazy("given up"),
    "dropped": gettext_lazy("dropped: no longer true"),
}
DELIVERIES = {
    "queued": gettext_lazy("accepted by the gateway"),
    "sent": gettext_lazy("handed to the network"),
    "delivered": gettext_lazy("on the phone"),
    "undelivered": gettext_lazy("not delivered"),
    "failed": gettext_lazy("failed on the way"),
}
"""What carriers of texts report, in words."""


class StateFilter(admin.SimpleListFilter):
    """Messages by what has become of them."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the states."""
        return list(STATES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the messages in the chosen state."""
        found = BY_STATE.get(self.value() or "")
        return queryset.filter(found) if found else queryset


class Facts(ReadOnlyRows):
    """What happened to an appointment or booking."""

    model = Event
    verbose_name_plural = gettext_lazy("What happened")
    fields = ("version", "kind", "actor", "when")
    readonly_fields = fields
    ordering = ("version",)
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the events with the business, in whose zone they are shown."""
        return super().get_queryset(request).select_related("business")

    @admin.display(description=gettext_lazy("when"))
    def when(self, event: Event) -> str:
        """Return the instant in the zone of the business."""
        return zoned(event.at, event.business.zone)


class Letters(ReadOnlyRows):
    """What was sent about a booking."""

    model = Message
    verbose_name_plural = gettext_lazy("Messages")
    fields = ("topic", "address", "became", "attempts", "error")
    readonly_fields = fields
    ordering = ("pk",)
    show_change_link = True

    @admin.display(description=gettext_lazy("state"))
    def became(self, message: Message) -> Any:
        """Return the state in words."""
        return STATES[message.state]


@admin.register(Event)
class EventAdmin(ReadOnly[Event]):
    """See what happened; events are never changed."""

    list_display = ("when", "kind", "actor", "appointment", "booking", "business")
    list_display_links = ("when",)
    list_filter = ("kind", "business")
    list_select_related = ("business", "booking", "appointment__service")
    search_fields = ("kind", "actor", "booking__reference")
    ordering = ("-at", "-pk")
    fields = (
        "when",
        "kind",
        "actor",
        "appointment",
        "booking",
        "version",
        "shown_data",
        "public_id",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        """Return the events with what they are about."""
        related = ("business", "booking", "appointment__service")
        return super().get_queryset(request).select_related(*related)

    @admin.display(description=gettext_lazy("when"), ordering="at")
    def when(self, event: Event) -> str:
        """Return the instant in the zone of the business."""
        return zoned(event.at, event.business.zone)

    @admin.display(description=gettext_lazy("data"))
    def shown_data(self, event: Event) -> SafeString:
        """Return the data as it is stored, one value per line."""
        written = json.dumps(event.data, indent=2, sort_keys=True, ensure_ascii=True)
        return format_html("<pre>{}</pre>", written)


@admin.register(Message)
class MessageAdmin(Decided[Message]):
    """See what was sent, what is waiting and what was given up."""

    list_display = (
        "made",
        "became",
        "shown_error",
        "address",
        "topic",
        "booking",
        "attempts",
        "next_try",
    )
    list_filter = (StateFilter, "outlet", "topic", "audience", "business")
    list_select_related = ("business", "booking")
    search_fields = ("address", "booking__reference", "error")
    search_help_text = gettext_lazy("An address, a reference or words of an error.")
    ordering = ("-pk",)
    actions = ("send_again",)
    inlines = (Tries,)
    fieldsets = (
        (None, {"fields": ("topic", "address", "audience", "booking", "appointment")}),
        (
            gettext_lazy("On its way"),
            {"fields": ("became", "attempts", "next_try", "shown_error", "left", "arrived")},
        ),
        (gettext_lazy("Behind it"), {"fields": ("outlet", "business", "event", "made", "key")}),
    )
    readonly_fields = ("became", "next_try", "shown_error", "left", "arrived", "made")
    change_form_template = "admin/bookings/message.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        """Return the messages with what they are about."""
        related = ("business", "booking", "event", "appointment__service")
        return super().get_queryset(request).select_related(*related)

    def possible(self, row: Message) -> set[str]:
        """Return whether it can be sent again: only what was given up."""
        return {"send_again"} if row.state == "failed" else set()

    def get_urls(self) -> list[URLPattern]:
        """Return the pages of messages, of their HTML, and of the mails in files."""
        html = self.admin_site.admin_view(self.html)
        framed_at = path("<int:number>/html/", html, name="bookings_message_html")
        return [*mail_files.urls(self), framed_at, *super().get_urls()]

    def pages(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Return the further pages for the index: the mails in files, where there are such."""
        if not (mail_files.is_used() and scope_of(request).is_everything):
            return []
        return [(_("Mail files"), reverse("admin:mail_files"))]

    def announce(self, request: HttpRequest) -> None:
        """Say above the page that nothing is sent, where that is so."""
        tell_held(request, now=timezone.now())

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, str] | None = None
    ) -> HttpResponse:
        """Show the list, below what there is to announce."""
        self.announce(request)
        return super().changelist_view(request, extra_context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the message, and the mail as it would leave now."""
        shown = {"preview": preview(context["original"])}
        return super().render_change_form(request, context | shown, *args, **kwargs)

    def html(self, request: HttpRequest, number: int) -> HttpResponse:
        """Answer with the HTML of a message, for the frame of its preview."""
        message = self.get_object(request, str(number))
        if message is None or not self.has_view_permission(request, message):
            raise Http404
        mail = preview(message).mail
        return framed(mail.html if mail else "")

    @admin.action(description=gettext_lazy("Send again"), permissions=["change"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        """Put messages that were given up back into the queue."""
        asked = queryset.count()
        revived = outbox.replay(queryset, now=timezone.now())
        if revived:
            done = _("%(count)d put back into the queue.") % {"count": revived}
            messages.success(request, done)
        if revived < asked:
            said = _("%(count)d left as they are: only what was given up can be sent again.")
            messages.warning(request, said % {"count": asked - revived})

    @admin.display(description=gettext_lazy("made"), ordering="pk")
    def made(self, message: Message) -> str:
        """Return when it was queued."""
        return zoned(message.created_at, message.business.zone)

    @admin.display(description=gettext_lazy("state"))
    def became(self, message: Message) -> Any:
        """Return the state in words."""
        return STATES[message.state]

    @admin.display(description=gettext_lazy("next try"), ordering="due_at")
    def next_try(self, message: Message) -> str:
        """Return when it is tried next; nothing for what is settled."""
        return zoned(message.due_at, message.business.zone) if message.is_queued else NOTHING

    @admin.display(description=gettext_lazy("error"))
    def shown_error(self, message: Message) -> str:
        """Return why the last try failed."""
        return line(message.error, 120) or NOTHING

    @admin.display(description=gettext_lazy("sent"))
    def left(self, message: Message) -> str:
        """Return when it left."""
        return zoned(message.sent_at, message.business.zone)

    @admin.display(description=gettext_lazy("arrived"))
    def arrived(self, message: Message) -> str:
        """Return what the carrier of a text says has become of it."""
        return str(DELIVERIES.get(message.delivery, NOTHING))
