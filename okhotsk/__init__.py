"""What handing Kuril islands to Japan does to the Sea of Okhotsk as a submarine bastion.

>>> import okhotsk
>>> theatre = okhotsk.load()  # doctest: +SKIP
>>> okhotsk.assess(theatre, "four-islands").to_frame()  # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from okhotsk.api import Assessment, assess, assess_all
    from okhotsk.assessment.glossary import assumptions, columns
    from okhotsk.scenario.assumptions import Assumptions
    from okhotsk.scenario.model import Scenario
    from okhotsk.scenario.read import cede, load_scenario, scenario_ids
    from okhotsk.sweep.engine import Sweep
    from okhotsk.sweep.frontier import Frontier, frontier
    from okhotsk.sweep.strait_losses import strait_losses
    from okhotsk.theatre.comparison import compare_depths, compare_seabeds
    from okhotsk.theatre.model import Theatre
    from okhotsk.theatre.storage import load

__version__ = "0.1.0"

__all__ = [
    "Assessment",
    "Assumptions",
    "Frontier",
    "Scenario",
    "Sweep",
    "Theatre",
    "assess",
    "assess_all",
    "assumptions",
    "cede",
    "columns",
    "compare_depths",
    "compare_seabeds",
    "frontier",
    "load",
    "load_scenario",
    "scenario_ids",
    "strait_losses",
]

# Loaded at first use: the command line must not wait for what it does not need.
_HOMES = {
    "okhotsk.api": ("Assessment", "assess", "assess_all", "frontier", "load"),
    "okhotsk.assessment.glossary": ("assumptions", "columns"),
    "okhotsk.scenario.assumptions": ("Assumptions",),
    "okhotsk.sweep.frontier": ("Frontier",),
    "okhotsk.scenario.model": ("Scenario",),
    "okhotsk.scenario.read": ("cede", "load_scenario", "scenario_ids"),
    "okhotsk.sweep.engine": ("Sweep",),
    "okhotsk.sweep.strait_losses": ("strait_losses",),
    "okhotsk.theatre.comparison": ("compare_depths", "compare_seabeds"),
    "okhotsk.theatre.model": ("Theatre",),
}


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(module), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
