"""A seabed file as people have it: opened safely, read by its own words, and checked."""
