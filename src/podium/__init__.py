"""Who stands on the podium, how sure can we be, and what would change it."""

__version__ = "0.1.0"
