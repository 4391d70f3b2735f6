"""Commands of the standards library."""
