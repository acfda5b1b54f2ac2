"""Prove that the lower bounds of setup.cfg are what is installed; part of `make test-min`."""

import sys
from collections.abc import Iterator
from importlib.metadata import requires, version

from packaging.requirements import Requirement
from packaging.version import Version


def lower_bounds(extra: str) -> Iterator[tuple[str, Version]]:
    """Yield the name and lower bound of every direct requirement, those of `extra` included."""
    for requirement in map(Requirement, requires("okhotsk") or ()):
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        bounds = [Version(s.version) for s in requirement.specifier if s.operator == ">="]
        if len(bounds) != 1:
            sys.exit(f"{requirement} needs exactly one lower bound in setup.cfg")
        yield requirement.name, bounds[0]


def main() -> None:
    """Compare the installed versions with the lower bounds and exit with the differences."""
    bounds = dict(lower_bounds("test"))
    installed = {name: Version(version(name)) for name in bounds}
    wrong = [
        f"{name} {installed[name]} is installed, its lower bound in setup.cfg is {bound}"
        for name, bound in bounds.items()
        if installed[name] != bound
    ]
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"all {len(bounds)} direct requirements are at their lower bound")


if __name__ == "__main__":
    main()
