"""The description of the API, for machines."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.cache import patch_cache_control
from rest_framework.request import Request

from accounts.doors import Door
from bookings.faces.api.answering import CONTENT_TYPE, Answer, is_known, tag_of
from bookings.faces.api.operation import Endpoint
from bookings.faces.api.schema import written


class Schema(Endpoint):
    """The description for machines: OpenAPI 3.1."""

    door = Door.PUBLIC

    def get(self, request: Request) -> HttpResponse:
        """Return the document; it changes only with the portal itself."""
        body = written()
        given = Answer(200, body, {"Content-Type": CONTENT_TYPE, "ETag": tag_of(body)})
        if is_known(request, given):
            given = Answer(304, "", {"ETag": given.headers["ETag"]})
        response = given.response()
        patch_cache_control(response, public=True, no_cache=True)
        return response
