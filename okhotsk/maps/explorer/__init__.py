"""The interactive what-if page: islands change hands at a click."""
