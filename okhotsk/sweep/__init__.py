"""Every island set at once, and the frontier."""
