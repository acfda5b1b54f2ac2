"""What no scenario changes: coast, seabed, sea, straits."""
