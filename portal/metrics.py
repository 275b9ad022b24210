"""What the outbox is doing, for Prometheus."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from accounts.doors import Door, opens_to
from bookings.models import Instance
from bookings.queries import outgoing
from bookings.queries.outgoing import Traffic

GAUGES: Final = {
    "waiting": "Messages that are due and have not left.",
    "later": "Messages that are not due yet.",
    "dead": "Messages that were given up and wait for somebody to look.",
}
COUNTERS: Final = {
    "sent": "Messages that left.",
    "dropped": "Messages that were not true any more when they were due.",
    "failed": "Tries that failed.",
}


@opens_to(Door.LINK)
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with the figures in Prometheus' text format to whoever knows `METRICS_TOKEN`.

    Cost: two queries, one of them over all messages.

    Raises:
        Http404: there is no token in the settings, or another in the request.
    """
    known = f"Bearer {settings.METRICS_TOKEN}"
    shown = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not hmac.compare_digest(shown.encode(), known.encode()):
        raise Http404
    registry = CollectorRegistry()
    registry.register(_Outbox())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


class _Outbox(Collector):
    """The outbox as it is when it is asked."""

    def describe(self) -> list[Metric]:
        """Return no metric: what is asked for once need not be known before."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield the figures, each by outlet."""
        traffic = outgoing.traffic(now=timezone.now())
        held = Instance.objects.filter(held_at__isnull=False).exists()
        yield GaugeMetricFamily("portal_outbox_held", "1 while sending is held.", value=held)
        yield _filled(
            GaugeMetricFamily(
                "portal_outbox_age_seconds",
                "Since when the oldest message is due that no failing endpoint keeps waiting.",
                labels=["outlet"],
            ),
            [(each, each.age.total_seconds()) for each in traffic],
        )
        for name, said in GAUGES.items():
            gauge = GaugeMetricFamily(f"portal_outbox_{name}", said, labels=["outlet"])
            yield _filled(gauge, [(each, getattr(each, name)) for each in traffic])
        for name, said in COUNTERS.items():
            counter = CounterMetricFamily(f"portal_outbox_{name}", said, labels=["outlet"])
            yield _filled(counter, [(each, getattr(each, name)) for each in traffic])


def _filled(
    family: GaugeMetricFamily | CounterMetricFamily, values: list[tuple[Traffic, float]]
) -> Metric:
    for traffic, value in values:
        family.add_metric([traffic.outlet], value)
    return family
