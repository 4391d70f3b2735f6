"""Survey campaigns: who should report, who has, how good it is, and what is kept for the record (摸排)."""
