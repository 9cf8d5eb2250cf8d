"""What could happen and what it takes: events, forecasts, goals."""
