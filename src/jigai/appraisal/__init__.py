"""What a measure costs and brings: energy, carbon, money, and the public support it can get."""
