"""What one call of the command line works with: theatre, assumptions, scenarios, assessments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

import okhotsk
from okhotsk.cli.assignments import read_values
from okhotsk.cli.progress import announce, scenario_bar

if TYPE_CHECKING:
    from okhotsk.assessment.record import Result


@dataclass(frozen=True)
class Session:
    """The options that several commands share; one that a command does not take has its default.

    Attributes
    ----------
    seabed
        Path of a better seabed; None for the shipped one.
    positive
        ``"up"`` or ``"down"`` where that file does not say which way its values grow.
    variable
        Variable or band of that file; None where it has one.
    resolution_arcmin
        What that file resolves; None for the size of its cells.
    cache
        Whether the theatre is read from the cache and kept there.
    quiet
        Whether no progress is shown.
    values
        Changed assumptions, each as NAME=VALUE.
    cede
        Units or groups of a scenario of the user's own, with commas between.
    demilitarised
        Whether no forces may stand on what is ceded.
    """

    seabed: Path | None = None
    positive: str | None = None
    variable: str | None = None
    resolution_arcmin: float | None = None
    cache: bool = True
    quiet: bool = False
    values: tuple[str, ...] = ()
    cede: str | None = None
    demilitarised: bool = False

    def announce(self) -> Callable[[str], None] | None:
        """Return what prints a line before a long step; None where none is printed."""
        return announce(quiet=self.quiet)

    def assumptions(self) -> okhotsk.Assumptions:
        """Return the assumptions with the changed values.

        Raises
        ------
        AssumptionError
            For an unknown name or a value out of range.
        """
        return okhotsk.Assumptions().with_values(read_values(self.values))

    def theatre(self) -> okhotsk.Theatre:
        """Return the theatre of the chosen seabed.

        Raises
        ------
        SeabedError
            Where the seabed cannot serve.
        """
        # Not okhotsk.load: that brings what draws, which a table need not wait for.
        from okhotsk.theatre.storage import load

        return load(
            seabed=self.seabed,
            positive=self.positive,
            variable=self.variable,
            resolution_arcmin=self.resolution_arcmin,
            cache=self.cache,
            progress=self.announce(),
            computing=_compiled_ahead,
        )

    def scenarios(self, names: Iterable[str]) -> list[okhotsk.Scenario]:
        """Return the scenarios of ids or files, then the user's own.

        Raises
        ------
        click.UsageError
            Where the options of the user's own scenario are incomplete.
        ScenarioError
            For an unknown or contradictory scenario, or two different ones with one id.
        """
        from okhotsk.scenario.read import load_scenarios

        if self.demilitarised and self.cede is None:
            raise click.UsageError("--demilitarised goes with --cede")
        chosen: list[str | okhotsk.Scenario] = [*names]
        if self.cede is not None:
            units = [name for name in self.cede.split(",") if name.strip()]
            if not units:
                raise click.UsageError(
                    "--cede names no unit, expected e.g. --cede kunashir,shikotan"
                )
            chosen.append(okhotsk.cede(units, demilitarised=self.demilitarised))
        return load_scenarios(chosen)

    def beside_named(self, names: Iterable[str]) -> list[okhotsk.Scenario]:
        """Return all named scenarios, then those of files and the user's own.

        Errors as :meth:`scenarios`.
        """
        named = [okhotsk.load_scenario(name) for name in okhotsk.scenario_ids()]
        own = dict.fromkeys(self.scenarios(names))
        return [*named, *(scenario for scenario in own if scenario not in named)]

    def assess(
        self, scenarios: Sequence[okhotsk.Scenario], *, samples: int | None = None
    ) -> list[Result]:
        """Return the results of some scenarios, of all named ones where none is given."""
        from okhotsk.assessment.compute import compute_results

        assumptions = self.assumptions()
        theatre = self.theatre()
        count = len(scenarios or okhotsk.scenario_ids())
        with scenario_bar(count, quiet=self.quiet) as tick:
            return compute_results(
                theatre, scenarios or None, assumptions=assumptions, samples=samples, progress=tick
            )

    def assess_one(self, names: Sequence[str]) -> Result:
        """Return the result of the one scenario that is named.

        Raises
        ------
        click.UsageError
            Where none or several are named.
        """
        return self.assess([self._one(names)])[0]

    def assess_beside(self, names: Sequence[str], other: str) -> list[Result]:
        """Return the result of the one scenario that is named, last, and before it that of another.

        The other one is left out where it is the one named.

        Raises
        ------
        click.UsageError
            Where none or several are named.
        """
        chosen = self._one(names)
        beside = [] if chosen.scenario_id == other else [okhotsk.load_scenario(other)]
        return self.assess([*beside, chosen])

    def _one(self, names: Sequence[str]) -> okhotsk.Scenario:
        scenarios = self.scenarios(names)
        if len(scenarios) != 1:
            raise click.UsageError("name one option: an id, a scenario file, or --cede")
        return scenarios[0]


def _compiled_ahead() -> AbstractContextManager[None]:
    """Compile kernels beside the first computation; a warm start imports none of this."""
    from okhotsk.warmup import compiled_ahead

    return compiled_ahead()
