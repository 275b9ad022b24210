"""The desk: where staff run their day."""
