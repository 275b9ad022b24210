"""Pages for developers, by what they are about."""
