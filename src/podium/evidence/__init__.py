"""What is held true and who says so: an append-only ledger of sourced facts."""
