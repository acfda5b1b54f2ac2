"""Every number that is chosen rather than computed, with its unit, source and range."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from okhotsk.errors import AssumptionError


def _chosen(default: float, unit: str, low: float, high: float, source: str) -> Any:
    """A field with the range over which it may be swept and where it comes from."""
    return field(
        default=default, metadata={"unit": unit, "low": low, "high": high, "source": source}
    )


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """Choices behind an assessment; see :func:`describe` for units, ranges and sources."""

    territorial_sea_nm: float = _chosen(
        12, "nautical miles", 3, 12, "UNCLOS Art. 3; Japan's Act on the Territorial Sea (S150)"
    )
    contiguous_zone_nm: float = _chosen(24, "nautical miles", 12, 24, "UNCLOS Art. 33")
    eez_nm: float = _chosen(200, "nautical miles", 24, 200, "UNCLOS Art. 57")
    soya_nm: float = _chosen(
        12, "nautical miles", 3, 12,
        "default rule 12; Japan claims 3 in its designated area of the Soya Strait (S150, S151)",
    )  # fmt: skip
    transit_passage: float = _chosen(
        0, "0 no, 1 yes", 0, 1,
        "whether submerged transit passage (UNCLOS Arts 37-39) holds in the straits; contested, so "
        "by default innocent passage, on the surface (Art. 20)",
    )  # fmt: skip
    patrol_depth_m: float = _chosen(
        200, "metres", 50, 300,
        "assumption: no least patrol depth is published; the shelf edge, and more than the 170 m "
        "that a Borei is long (S177)",
    )  # fmt: skip
    patrol_area_km2: float = _chosen(
        1000, "square kilometres", 100, 10000, "assumption: smaller pools of deep water are no use"
    )
    transit_depth_m: float = _chosen(
        50, "metres", 30, 150, "assumption: no least depth for submerged transit is published"
    )
    refuge_standoff_km: float = _chosen(
        200, "kilometres", 20, 300, "range of Japan's Type 12 missile in service (S190-S192)"
    )
    core_standoff_km: float = _chosen(
        200, "kilometres", 50, 300, "as the refuge standoff; fixes one core for all options"
    )

    def __post_init__(self) -> None:
        """Check every value against its range, naming all that fail."""
        problems = []
        for item in fields(self):
            value, low, high = getattr(self, item.name), item.metadata["low"], item.metadata["high"]
            if not isinstance(value, int | float) or not low <= value <= high:
                problems.append(f"{item.name} is {value!r}, expected {low} to {high}")
        if not problems and self.transit_passage not in (0, 1):
            problems.append(f"transit_passage is {self.transit_passage!r}, expected 0 or 1")
        if problems:
            raise AssumptionError("; ".join(problems))

    def with_values(self, values: Mapping[str, float]) -> Assumptions:
        """Return a copy with some values changed.

        Raises
        ------
        AssumptionError
            For a name that is no assumption or a value out of range.
        """
        known = {item.name for item in fields(self)}
        if unknown := sorted(set(values) - known):
            raise AssumptionError(
                f"unknown assumption {', '.join(unknown)}; expected one of "
                f"{', '.join(sorted(known))}"
            )
        return replace(self, **values)

    def as_dict(self) -> dict[str, float]:
        """All values by name."""
        return asdict(self)


def describe(assumptions: Assumptions) -> list[dict[str, Any]]:
    """One record per assumption: name, value, unit, range and source."""
    return [
        {"assumption": item.name, "value": getattr(assumptions, item.name), **item.metadata}
        for item in fields(assumptions)
    ]
