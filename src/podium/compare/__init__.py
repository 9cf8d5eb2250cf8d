"""Why two editions or methods differ: alignment, agreement, rank moves, recovered weights."""
