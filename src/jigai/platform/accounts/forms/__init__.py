"""Forms of people, organisations, roles, registration and sign-in."""
