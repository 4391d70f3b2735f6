"""Registers that are folders: a list of columns makes form, import, list and page (登记册)."""
