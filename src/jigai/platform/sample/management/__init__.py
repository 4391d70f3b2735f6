"""Commands of the sample city."""
