"""An exception as one line for a person: what was expected, what came, what to do."""

from __future__ import annotations

import click


class CaseRefused(Exception):
    """A case that cannot be loaded, whatever its file did."""

    def __init__(self, case: str, cause: BaseException) -> None:
        message = first_line(cause)
        if type(cause).__name__ != "CaseError":  # those are complete sentences already
            message = f"{case} cannot be loaded: {type(cause).__name__}: {message}; mend the file"
        super().__init__(message)


def first_line(error: BaseException) -> str:
    """The first line of an exception's message, or its kind."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def spoken(text: object) -> str:
    """The text in one line that a terminal, or what reads a log, only shows: a name may hold line ends and control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())


def complaint(error: Exception) -> tuple[str, bool]:
    """The line, and whether the fault is in what was asked (else it is in this program)."""
    if isinstance(error, click.UsageError):
        command = error.ctx.command_path if error.ctx is not None else "derive"
        return f"{asked(error)}; see `{command} --help`", True
    if isinstance(error, click.ClickException):
        return first_line(error), True
    if type(error).__name__ in (
        "CheckError",
        "LedgerError",
        "OutputError",
        "CompileError",
    ):  # by name: importing them would cost SymPy
        return first_line(error), True
    return (
        f"expected no failure inside the program, came {type(error).__name__}: {first_line(error)}; "
        "please report it with the command that you gave"
    ), False


def asked(error: click.UsageError) -> str:
    """What click complains of, in the words of this house."""
    if isinstance(error, click.NoSuchOption):
        near = f", perhaps {' or '.join(sorted(error.possibilities))}" if error.possibilities else ""
        return f"expected an option of this command{near}, came {error.option_name}"
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return f"expected {(error.param.name or 'an argument').upper()}, came nothing"
    if isinstance(error, click.BadOptionUsage):
        return f"expected a value after {error.option_name}, came nothing"
    message = error.format_message().splitlines()[0].rstrip(".")
    return message[:1].lower() + message[1:]
