"""Appraising a whole ledger at once: inputs resolved by column, one module per measure, results as columns."""
