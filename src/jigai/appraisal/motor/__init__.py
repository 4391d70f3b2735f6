"""Replacing a motor like for like: losses over load, the efficiency of old series and classes, slip, the saving."""
