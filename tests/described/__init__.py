"""The description of the API as programs rely on it: promised, tried, and made a client of."""

from __future__ import annotations

from pathlib import Path

FILE = Path(__file__).resolve().parent.parent.parent / "openapi.json"
"""The description as it is promised; `make schema` writes it."""
