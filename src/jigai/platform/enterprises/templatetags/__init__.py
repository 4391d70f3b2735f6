"""Template filters of enterprises."""
