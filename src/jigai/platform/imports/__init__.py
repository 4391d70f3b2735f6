"""Uploads that become rows: recognised, corrected, previewed, accepted (导入)."""
