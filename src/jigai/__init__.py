"""jigai (技改): judge equipment ledgers against dated, sourced facts — with evidence."""
