"""Runs over the devices of the workplace, what they found, and which run is in force where (筛查)."""
