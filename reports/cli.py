"""The command line: `derive check`, `show`, `list`, `replay`, `audit`, `repair`, `mutate`, `report` and `diff`.

Data goes to stdout, progress and complaints to stderr; a complaint is one line, never a traceback.  What is
heavy (SymPy, NumPy, rich) is imported by the command that needs it, so that `derive --help` is quick.

Exit codes: 0 nothing to complain of; 1 a step is invalid or fails, or, with --baseline, a verdict differs,
or a replay is refused; 2 usage; 3 the case cannot be loaded; 4 nothing is refuted, but something is
undecided.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from reports.audit_command import audit
from reports.complaints import CaseRefused, complaint, spoken
from reports.diff_command import diff
from reports.mutate_command import mutate
from reports.repair_command import repair
from reports.report_command import report
from reports.versions import PROJECT, version

if TYPE_CHECKING:
    from derive import Derivation
    from reports.formats import Render
    from reports.ledger import Ledger
    from reports.rounds import Progress

REFUTED, USAGE, UNLOADABLE, OPEN = 1, 2, 3, 4
INTERRUPTED, BROKEN_PIPE, DEFECT = 130, 141, 70

CONTEXT = {"help_option_names": ["-h", "--help"]}


class Command(click.Group):
    """A group that keeps two exceptions from click, which would answer them with exit codes of its own."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            code = super().invoke(ctx)
            sys.stdout.flush()
            return code
        except BrokenPipeError as error:
            raise Stopped(BROKEN_PIPE) from error
        except KeyboardInterrupt as error:
            raise Stopped(INTERRUPTED) from error


class Stopped(Exception):
    """Nobody reads our output any more, or the keyboard has interrupted."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@click.group(cls=Command, context_settings=CONTEXT, no_args_is_help=False)
@click.version_option(version(PROJECT), prog_name="derive")
def cli() -> None:
    """Checks a published derivation equation by equation: does each step follow, and is it true?

    CASE is the name of a bundled case (`derive list`) or the path of a Python file that binds `derivation`.
    """


@cli.command()
@click.argument("case")
@click.option("--json", "json_path", metavar="PATH", help="Write the ledger as JSON; - for stdout.")
@click.option("--only", metavar="LABELS", help="Check these labels alone, separated by commas.")
@click.option("--seed", metavar="N", default="0", show_default=True, help="Fixes every random number.")
@click.option("--profile", metavar="quick|full", default="quick", show_default=True, help="The effort.")
@click.option("--baseline", metavar="LEDGER", help="Exit 1 only where a verdict differs from this ledger's.")
@click.option("--allow-undecided", is_flag=True, help="Exit 0, not 4, for what is undecided.")
@click.option(
    "--format", "form", metavar="NAME", default="pretty", show_default=True, help="pretty, json, junit, sarif or github."
)
def check(
    case: str,
    json_path: str | None,
    only: str | None,
    seed: str,
    profile: str,
    baseline: str | None,
    allow_undecided: bool,
    form: str,
) -> int:
    """Judge the steps of CASE: does each follow from what it cites, and is it true of the model?"""
    derivation = load_case(case)

    from reports.baseline import differences, headline_of
    from reports.ledger_json import check_writable, encode, read, write
    from reports.pipeline import check as judge
    from reports.to_terminal import console_for, show_ledger

    labels, number = arguments_of(derivation, only, seed, profile)
    render = renderer_of(form, json_path)
    before = None if baseline is None else read(baseline)
    if before is not None and before.case != derivation.name:
        raise click.UsageError(f"--baseline: expected a ledger of {derivation.name}, came {before.case}")
    if json_path is not None and json_path != "-":
        check_writable(json_path)

    with progress_line() as progress:
        given = headline_of(before, derivation) if before is not None and labels is not None else None
        ledger = judge(derivation, labels, number, profile, progress=progress, assignment=given)

    changed = None if before is None else differences(before, ledger, whole=labels is None)
    if json_path == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(encode(ledger))
    else:
        if json_path is not None:
            write(ledger, json_path)
        if render is None:
            show_ledger(ledger, console_for(sys.stdout))
        else:
            sys.stdout.flush()
            sys.stdout.buffer.write(render(ledger, case if case.endswith(".py") else ""))
    for line in changed or ():
        click.echo(f"changed: {spoken(line)}", err=json_path == "-" or render is not None)
    return outcome(ledger, changed, allow_undecided)


def arguments_of(derivation: Derivation, only: str | None, seed: str, profile: str) -> tuple[list[str] | None, int]:
    """The labels and the seed that a command line asks for; refused in one line where they cannot be checked."""
    from reports.request import check_arguments, seed_of

    labels = None if only is None else [label.strip() for label in only.split(",")]
    if labels is not None and not all(labels):
        raise click.UsageError(f"--only: expected labels separated by commas, came {only!r}")
    number = seed_of(seed)
    check_arguments(derivation, labels, number, profile)
    return labels, number


def renderer_of(form: str, json_path: str | None) -> Render | None:
    """What renders the format that a command line asks for; None for the table."""
    from reports.formats import renderer

    if form != "pretty" and json_path == "-":
        raise click.UsageError("--format and --json -: both write to stdout; leave one of them out")
    try:
        return renderer(form)
    except ValueError as error:
        raise click.UsageError(f"--format: {error}") from error


def outcome(ledger: Ledger, changed: Sequence[str] | None, allow_undecided: bool) -> int:
    """The exit code of a check."""
    if changed is not None:
        return REFUTED if changed else 0
    if ledger.refuted:
        return REFUTED
    return OPEN if ledger.undecided and not allow_undecided else 0


@cli.command()
@click.argument("case")
@click.argument("label")
def show(case: str, label: str) -> int:
    """Show one step of CASE: as printed beside as encoded, its choices, its dimensions."""
    derivation = load_case(case)

    from reports.request import check_arguments
    from reports.step_sheet import sheet

    check_arguments(derivation, [label])
    click.echo(sheet(derivation, label), nl=False)
    return 0


@cli.command("list")
def list_cases() -> int:
    """List the bundled cases."""
    from derive import bundled

    lost = False
    for name in bundled():
        try:
            derivation = load_case(name)
        except CaseRefused as error:
            lost = True
            click.echo(f"error: {spoken(error)}", err=True)
        else:
            claims = f", {len(derivation.prose)} claims in words" if derivation.prose else ""
            click.echo(f"{name:<16} {len(derivation.steps):>3} equations{claims}  {spoken(derivation.title)}")
    return UNLOADABLE if lost else 0


@cli.command()
@click.argument("ledger")
@click.option("--second", is_flag=True, help="With the second checker, which shares nothing with the kernel.")
@click.option("--case", metavar="CASE", help="Refuse a ledger of another case.")
def replay(ledger: str, second: bool, case: str | None) -> int:
    """Replay every certificate and countermodel that LEDGER stores, with the kernel alone."""
    from reports.ledger import LedgerError
    from reports.ledger_json import read
    from reports.replay import replay as replay_all
    from reports.replay import second_opinion

    stored = read(ledger)
    if case is not None and stored.case != case:
        raise LedgerError(f"{ledger}: expected a ledger of {case}, came one of {stored.case}; name its case, or leave --case out")
    if second:
        said = second_opinion(stored)
        counts = " and ".join(f"{said.agrees.get(kind, 0)} {kind}s" for kind in ("certificate", "countermodel"))
        click.echo(f"the second checker agrees on {counts}; it refuses {len(said.refused)} and cannot read {len(said.unread)}")
        for one in (*said.unread, *said.refused):
            click.echo(f"{'unread' if one in said.unread else 'refused'}: {spoken(one.label)}: {spoken(one.reason)}")
        return REFUTED if said.refused else OPEN if said.unread else 0
    found = replay_all(stored)
    click.echo(f"replayed {found.certificates} certificates and {found.countermodels} countermodels")
    for refusal in found.refused:
        click.echo(f"refused: {spoken(refusal.label)}: {spoken(refusal.reason)}")
    return REFUTED if found.refused else 0


cli.add_command(audit)
cli.add_command(repair)
cli.add_command(mutate)
cli.add_command(report)
cli.add_command(diff)


def load_case(case: str) -> Derivation:
    """The derivation; whatever its file does while it is read becomes a CaseRefused of one line."""
    from derive import load

    try:
        with contextlib.redirect_stdout(sys.stderr):  # stdout is for data, and the file may print
            return load(case)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # SystemExit as well: a file must not choose our exit code
        raise CaseRefused(case, error) from error


@contextlib.contextmanager
def progress_line() -> Any:
    """Gives what shows the progress of a check on stderr; None where that is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return

    def report(done: int, total: int, label: str) -> None:
        name = "".join(filter(str.isprintable, label))
        sys.stderr.write(f"\r\x1b[K{done} of {total} steps judged, last ({spoken(name)})")
        sys.stderr.flush()

    made: Progress = report
    try:
        yield made
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def _abandon_stdout() -> None:
    """Or the interpreter, which flushes once more at the end, complains in words of its own."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line and gives the exit code; the console script `derive`."""
    # The shell's >&- closes a stream; another takes its place for as long as the process lives.
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a Greek letter must not stop a report to an ASCII terminal
    try:
        given = None if arguments is None else list(arguments)
        code = cli.main(args=given, prog_name="derive", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except Stopped as stop:
        if stop.code == INTERRUPTED:
            click.echo("interrupted", err=True)
        else:
            _abandon_stdout()
        return stop.code
    except CaseRefused as error:
        click.echo(f"error: {spoken(error)}", err=True)
        return UNLOADABLE
    except OSError as error:  # a full disk
        _abandon_stdout()
        click.echo(f"error: cannot write to stdout: {error.strerror}; free some space or write elsewhere", err=True)
        return USAGE
    except Exception as error:
        line, known = complaint(error)
        click.echo(f"error: {spoken(line)}", err=True)
        return USAGE if known else DEFECT


if __name__ == "__main__":
    sys.exit(main())
