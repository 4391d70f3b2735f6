"""Where the plan stands (规划进展): sources as known on a day, kept contributions and figures, versions of the plan."""
