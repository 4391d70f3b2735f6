"""Work in the background with progress, cancelling and resuming (任务)."""
