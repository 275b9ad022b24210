"""Time and rules as plain values: no rows, no clock, no third party."""
