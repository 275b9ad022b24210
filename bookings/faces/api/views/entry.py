"""The address of the API itself."""

from __future__ import annotations

from bookings.faces.api.public import PublicEndpoint, PublicOperation, Visitor
from bookings.faces.api.shapes.entry import EntryShown, shown_entry


class Entry(PublicEndpoint):
    """Where a program begins."""

    @PublicOperation("read_entry", "Find everything", shows=EntryShown)
    def get(self, call: Visitor) -> EntryShown:
        """Return where a program, or somebody who writes one, goes on from here."""
        return shown_entry()
