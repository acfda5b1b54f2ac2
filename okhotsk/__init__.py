"""What handing Kuril islands to Japan does to the Sea of Okhotsk as a submarine bastion.

>>> import okhotsk
>>> theatre = okhotsk.load()  # doctest: +SKIP
>>> okhotsk.assess(theatre, "four-islands").to_frame()  # doctest: +SKIP
"""

from okhotsk.assessment import Assessment, assess, assess_all
from okhotsk.assumptions import Assumptions
from okhotsk.scenario import Scenario, cede, load_scenario, scenario_ids
from okhotsk.theatre import Theatre, load

__version__ = "0.1.0"

__all__ = [
    "Assessment",
    "Assumptions",
    "Scenario",
    "Theatre",
    "assess",
    "assess_all",
    "cede",
    "load",
    "load_scenario",
    "scenario_ids",
]
