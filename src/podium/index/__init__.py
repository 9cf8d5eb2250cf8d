"""What an index is, and how it is built: specification, steps, ranks."""
