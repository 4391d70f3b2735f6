"""The board as seen, as papers: a workbook and an official Word document, made by a job."""
