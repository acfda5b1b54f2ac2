"""Who holds what, and what is assumed."""
