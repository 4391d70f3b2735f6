"""Pages of surveys: the overview, the entries, and what changes a survey."""
