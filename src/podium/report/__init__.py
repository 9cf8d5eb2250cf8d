"""Results turned into charts, tables and documents; computes nothing."""
