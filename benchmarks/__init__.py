"""Side-by-side measurements of jigai: ``python -m benchmarks``. Ratios are printed and stored, never asserted."""
