"""Legal persons, sites, lines, annual facts, titles (企业)."""
