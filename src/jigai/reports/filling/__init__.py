"""Fill a workbook somebody else designed (a province's report form) and leave everything else in it as it is (D32).

Only the sheets that are filled change. Where the workbook has formulas, what they came to is out of date: the kept
results are taken out of the sheets that have them, and the workbook is told to calculate when it is opened (one
attribute of ``xl/workbook.xml``). Styles, shared strings and every other part stay byte for byte.
"""

from __future__ import annotations

from jigai.reports.filling.asked import Block, Cell, Value
from jigai.reports.filling.blank import Blank, Seen, Sheet
from jigai.reports.filling.faults import Fault, FillingError
from jigai.reports.filling.fill import faults_of, filled

__all__ = ["Blank", "Block", "Cell", "Fault", "FillingError", "Seen", "Sheet", "Value", "faults_of", "filled"]
