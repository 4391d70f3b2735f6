"""The interface for other systems (接口)."""
