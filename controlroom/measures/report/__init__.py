"""The scorecard as a document that leaves the house: a page, a table, a spreadsheet, a PDF."""
