"""Calendar feeds, as calendars fetch them again and again."""

from __future__ import annotations

from hashlib import sha256
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.cache import get_conditional_response

from accounts.doors import Door, opens_to
from bookings.composing.feeds import calendar_of
from bookings.faces.replies import takes
from bookings.queries.feeds import feed_by_token

app_name = "feeds"


@opens_to(Door.LINK)
@takes("GET")
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Answer with a feed's calendar, or with 304 where the asker has it already (RFC 9110).

    The same calendar has the same strong ETag, in every process. Cost: two queries.
    """
    file = calendar_of(feed_by_token(token), now=timezone.now())
    etag = f'"{sha256(file).hexdigest()}"'
    response = HttpResponse(
        file,
        content_type="text/calendar; charset=utf-8",
        headers={
            "ETag": etag,
            "Cache-Control": "private, no-cache",
            "Content-Disposition": 'inline; filename="calendar.ics"',
            "X-Robots-Tag": "noindex, nofollow",
        },
    )
    return cast(HttpResponse, get_conditional_response(request, etag=etag, response=response))


urlpatterns = [path("<str:token>.ics", feed, name="feed")]
