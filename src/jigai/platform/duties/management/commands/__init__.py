"""Commands of the task ledger."""
