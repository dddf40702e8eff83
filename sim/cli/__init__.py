"""The command line: exit status 0 when all went well, 1 when something failed, 2 for bad input, 130 when interrupted.

Commands are listed in `sim.cli.commands`; this file imports nothing, so that even an early Ctrl-C ends quietly.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main() -> None:
    """Run the command line and exit."""
    sys.exit(status())


def status(arguments: Sequence[str] | None = None) -> int:
    """Run a command line, by default that of this process; return the exit status."""
    try:
        from sim.cli.commands import execute

        return execute(arguments)
    except KeyboardInterrupt:
        print("Interrupted: nothing was left half-written.", file=sys.stderr)
        return 130
