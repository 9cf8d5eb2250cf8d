"""The doors: command line, web, static site; the only place that reads settings."""
