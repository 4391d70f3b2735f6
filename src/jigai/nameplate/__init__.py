"""What a nameplate says: from a name and a model designation to kind, series, ratings and join keys.

>>> reading = read(devices, reference)
>>> reading.devices.select("kind", "kind_reason", "series", "power_kw", "nameplate_fields")
>>> keys = catalogue_keys(entries)  # kind, text → key, to be compared with model_keys and series_keys
"""

from __future__ import annotations

from jigai.nameplate.infer import expected_efficiency
from jigai.nameplate.keys import catalogue_keys
from jigai.nameplate.reading import Reading, read

__all__ = ["Reading", "catalogue_keys", "expected_efficiency", "read"]
