"""Print: figures and briefings."""
