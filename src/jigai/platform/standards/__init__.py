"""Which lists and standards are held, which devices rest on them, and how two people change them (标准库)."""
