"""The city with the devices of the sample workbook, as for the pages of devices."""

from tests.platform.ledger.conftest import judged

__all__ = ["judged"]
