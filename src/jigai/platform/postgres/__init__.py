"""Everything that only PostgreSQL can do (D20): row-level security, roles, trigram search."""
