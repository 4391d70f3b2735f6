"""Pages of report forms."""
