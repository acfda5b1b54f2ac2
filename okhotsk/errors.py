"""Errors that a user can mend: messages say what is wrong where, what is expected, and how."""


class OkhotskError(Exception):
    """Root of all errors raised by the package."""


class ScenarioError(OkhotskError, ValueError):
    """A scenario is unknown, incomplete or contradicts itself."""


class AssumptionError(OkhotskError, ValueError):
    """An assumption is unknown or outside its admissible range."""


class DataError(OkhotskError, OSError):
    """A data file is missing, altered or unreadable."""


class SeabedError(OkhotskError, ValueError):
    """A seabed grid cannot serve: extent, sign, unit, projection or content."""


class MapError(OkhotskError, ValueError):
    """A map is asked for tiles of an unknown provider."""
