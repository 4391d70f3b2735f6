"""What public support a measure can get: by which rule, how much, what is missing, and what may go together."""
