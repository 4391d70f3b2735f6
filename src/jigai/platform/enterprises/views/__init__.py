"""Pages of enterprises: each module one subject. Views parse, call a service, render."""
