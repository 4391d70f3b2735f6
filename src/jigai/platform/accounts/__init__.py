"""People, organisations, roles and sign-in (账号)."""
