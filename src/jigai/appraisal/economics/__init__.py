"""Whether an investment pays: cost, return, payback, cost per unit saved; each a value or why there is none."""
