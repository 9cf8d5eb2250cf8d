"""The audit of an index: what a statistical audit would say of it, as plain values."""
