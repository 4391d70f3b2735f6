"""Attribute tables: one ``columns.csv`` per subject makes import, template, form, list and documentation (D14)."""

from __future__ import annotations

from jigai.attributes.attribute import DTYPES, Attribute, Choice
from jigai.attributes.errors import AttributeFault, AttributeTableError
from jigai.attributes.read import read_attributes, read_folder
from jigai.attributes.table import AttributeTable
from jigai.attributes.words import shown

__all__ = [
    "DTYPES",
    "Attribute",
    "AttributeFault",
    "AttributeTable",
    "AttributeTableError",
    "Choice",
    "read_attributes",
    "read_folder",
    "shown",
]
