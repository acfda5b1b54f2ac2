"""The page on which islands change hands at a click."""
