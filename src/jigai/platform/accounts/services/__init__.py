"""What can be done with people, organisations, roles and registrations. Each function takes who acts first."""
