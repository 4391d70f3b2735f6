"""The standards library: which lists and standards are held, what rests on them, and how two people change them (标准库)."""
