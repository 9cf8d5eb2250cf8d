"""The static site: the served pages as files that need no server."""
