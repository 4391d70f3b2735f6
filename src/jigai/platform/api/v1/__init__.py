"""The first version of the interface; what it says stays, additions are allowed."""
