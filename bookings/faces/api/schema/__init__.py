"""The description of the API: OpenAPI 3.1, read off the operations and the shapes."""

from __future__ import annotations

from bookings.faces.api.schema.generator import Generator, described, written

__all__ = ["Generator", "described", "written"]
