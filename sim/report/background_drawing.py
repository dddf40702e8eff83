"""Drawing in a process of its own, which loads the drawing library while the model runs.

Loading matplotlib takes as long as a hundred runs. So a command starts this process first, lets it load, and sends it
the findings when there are any; it then draws its figures side by side where the system can fork.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from sim.errors import CoherenceError

if TYPE_CHECKING:
    from sim.report.run_data import Material

START = "from sim.report.background_drawing import serve; serve()"


class DrawingError(CoherenceError, RuntimeError):
    """Figures could not be drawn; the message ends with the last output of the drawing process."""

    exit_code = 1


def draw(material: Material, folder: Path) -> None:
    """Draw all figures of a batch into a folder, here and now."""
    for task in _tasks(material, folder):
        task()


class DrawingRoom:
    """A process that draws. Use as a context: on leaving, it is gone.

    Nothing is sent before `draw`, and nothing is half-drawn after `wait` returns.
    """

    def __init__(self) -> None:
        self._sender: threading.Thread | None = None
        root = str(Path(__file__).parents[2])
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH", ""))))
        # Small figures need no threads of linear algebra, and a process without threads may fork.
        environment = {**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", START],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            start_new_session=True,  # Ctrl-C is for the command, which ends this process and what it has forked
        )

    def __enter__(self) -> Self:
        """Return the room."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process if it has not ended yet."""
        if self._process.poll() is None:
            _end(self._process)
        if self._sender is not None:
            self._sender.join()
        for stream in (self._process.stdin, self._process.stderr):
            if stream is not None and not stream.closed:
                stream.close()
        self._process.wait()

    def draw(self, material: Material, folder: Path) -> None:
        """Send the findings; drawing goes on while the caller does something else."""
        findings = pickle.dumps((material, str(folder.resolve())), protocol=5)
        # A pipe takes little before its reader has loaded; the caller need not wait for that.
        self._sender = threading.Thread(target=self._send, args=(findings,), daemon=True)
        self._sender.start()

    def _send(self, findings: bytes) -> None:
        assert self._process.stdin is not None
        # Where the process has ended, `wait` says so.
        with suppress(BrokenPipeError), self._process.stdin:
            self._process.stdin.write(findings)

    def wait(self) -> None:
        """Return when all figures are on disk.

        Raises
        ------
        DrawingError
            If one could not be drawn.
        """
        assert self._process.stderr is not None
        said = self._process.stderr.read().decode(errors="replace").strip()
        if self._process.wait() != 0:
            raise DrawingError(
                f"the figures could not be drawn: {said.splitlines()[-1] if said else 'no reason given'}"
            )


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and its forks, so that nobody writes into a folder that is being removed."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def serve() -> None:
    """Load, wait for findings on standard input, draw, end. Runs in the drawing process."""
    import sim.report.cascade
    import sim.report.compass
    import sim.report.fan  # noqa: F401

    _prepare()
    try:
        material, folder = pickle.load(sys.stdin.buffer)
    except (EOFError, pickle.UnpicklingError):
        return  # the command ended without findings
    tasks = _tasks(material, Path(folder))
    if not hasattr(os, "fork") or (os.cpu_count() or 1) < 2:
        for task in tasks:
            task()
        return
    children = [_forked(task) for task in tasks[1:]]
    tasks[0]()
    ends = [os.waitpid(child, 0)[1] for child in children]
    if any(ends):
        sys.exit(1)


def _prepare() -> None:
    """Draw a scrap while there is nothing to draw: fonts, colours and writers are then loaded once, not in each fork."""
    import io

    import numpy as np
    from matplotlib import colormaps

    from sim.report import style
    from sim.report.panel import Panel

    with style.look():
        figure = style.sheet(1.0)
        panel = Panel(figure, (1, 0, 1, 1), (0, 1), (0, 1))
        panel.image(np.eye(2), colormaps["YlGnBu"], 0, 1)
        panel.line([0, 1], [0, 1], style.INK)
        panel.rules([0, 1])
        for weight in ("normal", "bold"):
            panel.write("0123456789 abcdefghijklmnopqrstuvwxyz", 0, 0, weight=weight)
        figure.legend([], [])
        for kind in ("png", "svg"):
            figure.savefig(io.BytesIO(), format=kind)


def _tasks(material: Material, folder: Path) -> list[Callable[[], object]]:
    from sim.report.cascade import cascade
    from sim.report.compass import compass
    from sim.report.fan import fan

    tasks: list[Callable[[], object]] = [
        lambda: fan(material, folder / "fan"),
        lambda: cascade(material, folder / "cascade"),
    ]
    if material.views:
        tasks.append(lambda: compass(material, folder / "compass"))
    return tasks


def _forked(task: Callable[[], object]) -> int:
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        task()
        status = 0
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
    finally:
        os._exit(status)
