"""Records, the index, its uncertainty, comparison."""
