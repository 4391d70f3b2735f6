"""Administrative places, managing units, parks (区划园区)."""
