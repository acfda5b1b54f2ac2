"""The briefing on scenarios."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

import okhotsk
from okhotsk.cli.island_sets import make_sweep
from okhotsk.cli.options import pass_session, scenario_options, theatre_options
from okhotsk.cli.progress import stage_bars
from okhotsk.cli.session import Session

if TYPE_CHECKING:
    from okhotsk.assessment.record import Result
    from okhotsk.report.document import Document


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@scenario_options
@theatre_options
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=Path(),
    help="File (.html, .pdf, .md, .docx), or folder for report.html, .pdf and .md (default: here).",
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["html", "pdf", "md", "docx"]),
    help="Only this; docx (Word) is made by pandoc.",
)
@click.option(
    "--template",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Template of your own: NAME.html.j2, NAME.typ.j2 (for PDF) or NAME.md.j2.",
)
@pass_session
def report(
    session: Session, ids: tuple[str, ...], output: Path, style: str | None, template: Path | None
) -> None:
    """Write a briefing on options (all named ones by default): HTML, PDF and Markdown, or Word.

    A minute or two the first time.
    """
    from okhotsk.report.document import report_files, write_report

    files = report_files(output, style, template)
    document = _make_document(session, ids)
    # The PDF first: it alone can fail once all is known, and then nothing is written.
    for kind, path in sorted(files.items(), key=lambda file: file[0] != "pdf"):
        for written in write_report(document, path, kind, template=template):
            click.echo(written)


def _make_document(session: Session, ids: tuple[str, ...]) -> Document:
    """The briefing on the scenarios that are named."""
    from okhotsk.assessment.verdicts import claims_table
    from okhotsk.report.briefing import make_briefing
    from okhotsk.scenario.model import TODAY

    named = session.scenarios(ids)
    nothing = okhotsk.load_scenario(TODAY)
    extra = [nothing] if named and nothing not in named else []
    results = session.assess([*named, *extra])
    today = next(r for r in results if r.scenario == nothing)
    with stage_bars(quiet=session.quiet) as tell:
        steps = okhotsk.frontier(make_sweep(session, tell))
        claims = claims_table(results, progress=tell) if _at_defaults(today) else None
    return make_briefing(results[: len(results) - len(extra)], today, steps, claims=claims)


def _at_defaults(result: Result) -> bool:
    """Whether a result rests on the default assumptions, as findings do."""
    return result.assumptions == okhotsk.Assumptions()
