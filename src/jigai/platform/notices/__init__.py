"""Messages to people: one outbox, several ways out (通知)."""
