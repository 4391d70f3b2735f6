"""What a measure is worth: energy, carbon and money from pure functions that an engineer can audit."""
