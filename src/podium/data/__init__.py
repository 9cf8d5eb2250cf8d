"""Tables and metadata read into one checked, immutable dataset."""
