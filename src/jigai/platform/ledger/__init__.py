"""Devices of the workplace: taken in from ledgers, found again, split, merged, and known on any day (设备台账)."""
