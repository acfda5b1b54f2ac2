"""One module a figure of the record."""
