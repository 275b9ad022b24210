"""The shell around the domain: settings, addresses, processes. It holds no booking rules."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
