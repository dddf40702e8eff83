"""The command line: exit status 0 when all went well, 1 when something failed, 2 for bad input, 130 when interrupted.

Which error ends with which status stands in `sim.errors`.

Commands are listed in `sim.cli.commands`; this file imports nothing, so that even an early Ctrl-C ends quietly.
"""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Sequence


def main() -> None:
    """Run the command line and exit."""
    _keep_bytecode()
    if os.environ.get("MPLBACKEND", "").startswith("module://"):
        del os.environ[
            "MPLBACKEND"
        ]  # a notebook's, which a command of its own process may not have: it draws into files
    end = status()
    atexit._run_exitfuncs()  # those of pools of processes, say
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:  # closed by whoever started us
                stream.flush()
        except (OSError, ValueError):  # whoever reads our output has gone
            end = end or 1
    # Taking down compiled code takes up to half a second and serves nobody: all files are closed by now.
    os._exit(end)


def _keep_bytecode() -> None:
    """Keep compiled Python inside the environment where it may not stand beside its source.

    Containers often forbid the latter (PYTHONDONTWRITEBYTECODE), and then every start compiles two thousand files anew,
    which takes longer than a hundred runs. A folder of our own environment litters nothing and goes away with it.
    """
    if sys.dont_write_bytecode and sys.pycache_prefix is None and sys.prefix != sys.base_prefix:
        sys.dont_write_bytecode = False
        sys.pycache_prefix = os.path.join(sys.prefix, "bytecode")  # noqa: PTH118 - pathlib would be one more import
        # The process that draws goes by these.
        os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def status(arguments: Sequence[str] | None = None) -> int:
    """Run a command line, by default that of this process; return the exit status."""
    try:
        from sim.cli.commands import execute

        return execute(arguments)
    except SystemExit as ended:  # typer's own way out
        return ended.code if isinstance(ended.code, int) else 1
    except BrokenPipeError:  # whoever reads our output has seen enough, as head does
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - and is told nothing more
        return 0
    except KeyboardInterrupt:
        print("Interrupted: nothing was left half-written.", file=sys.stderr)
        return 130
