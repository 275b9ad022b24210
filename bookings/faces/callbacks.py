"""What gateways of text messages call: texts that people send us, and reports of ours."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from accounts.doors import Door, opens_to
from bookings import commands, outbox
from bookings.errors import NotFound
from bookings.faces.replies import takes
from bookings.outlets import sms

app_name = "callbacks"


@csrf_exempt
@opens_to(Door.PUBLIC)
@takes("POST")
def inbound(request: HttpRequest, gateway: str) -> HttpResponse:
    """Take a text that somebody has sent to the number our texts come from."""
    carrier, call = _signed(request, gateway)
    if text := carrier.inbound(call):
        commands.hear(
            number=text.number,
            words=text.words,
            key=f"{carrier.name}:{text.remote_id}",
            is_answered=text.is_answered,
            now=timezone.now(),
        )
    return HttpResponse(status=204)


@csrf_exempt
@opens_to(Door.PUBLIC)
@takes("POST")
def report(request: HttpRequest, gateway: str) -> HttpResponse:
    """Note what has become of a text. One that is not ours (yet) is 404, and may come again."""
    carrier, call = _signed(request, gateway)
    if news := carrier.report(call):
        is_ours = outbox.note_delivery(
            remote_id=news.remote_id, delivery=news.delivery.value, reason=news.reason
        )
        if not is_ours:
            raise NotFound()
    return HttpResponse(status=204)


def _signed(request: HttpRequest, gateway: str) -> tuple[sms.Gateway, sms.Call]:
    """Return the gateway and what it says, which it has signed.

    Raises:
        NotFound: it is not the gateway of this portal.
        PermissionDenied: anybody may have said it.
    """
    carrier = sms.gateway()
    if carrier.name != gateway:
        raise NotFound()
    call = sms.Call(
        url=f"{settings.PUBLIC_URL}{request.get_full_path()}",
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.body,
    )
    if not carrier.is_genuine(call):
        raise PermissionDenied
    return carrier, call


urlpatterns = [
    path("<str:gateway>/inbound/", inbound, name="inbound"),
    path("<str:gateway>/report/", report, name="report"),
]
