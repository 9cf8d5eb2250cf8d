"""How firm the ranks are: Monte-Carlo engine, rank statistics, sensitivity, exact rank ranges."""
