"""`derive diff`: which verdicts changed between two ledgers of one case.

Exit codes: 0 none did; 1 some did; 2 usage, a file that cannot be read, or ledgers of two cases.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

import click

from reports.complaints import spoken

CHANGED = 1


@click.command("diff")
@click.argument("old")
@click.argument("new")
@click.option("--json", "json_path", metavar="PATH", help="Write the changes as JSON; - for stdout.")
def diff(old: str, new: str, json_path: str | None) -> int:
    """Say which verdicts of the ledger OLD are others in the ledger NEW."""
    from reports.baseline import Change, changes
    from reports.ledger_json import check_writable, read, save

    before, after = read(old), read(new)
    if before.case != after.case:
        raise click.UsageError(f"expected two ledgers of one case, came one of {before.case} and one of {after.case}")
    if json_path is not None and json_path != "-":
        check_writable(json_path)
    found: Sequence[Change] = changes(before, after, whole=True)
    data = json.dumps(
        {"case": after.case, "changes": [{"place": one.place, "old": one.old, "new": one.new} for one in found]}, indent=1
    )
    if json_path == "-":
        sys.stdout.write(f"{data}\n")
    else:
        if json_path is not None:
            save(f"{data}\n".encode("ascii"), json_path)
        for one in found:
            click.echo(spoken(one))
        click.echo(f"{len(found)} verdicts changed" if len(found) != 1 else "1 verdict changed")
    return CHANGED if found else 0
