"""What AI machines are worth: accelerators, systems, sites, national stocks."""
