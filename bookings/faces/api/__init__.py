"""The face for programs: JSON over HTTP, version 1."""
