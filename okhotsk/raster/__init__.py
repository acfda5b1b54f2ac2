"""Grid algorithms that know no islands."""
