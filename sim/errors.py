"""The exceptions of this package: one root, so that ``except CoherenceError`` catches whatever we refuse or fail at.

The tree, with the exit status of ``coherence`` where a command ends with one of them (2: bad input; 1: something failed
that is not the user's doing; 130: interrupted)::

    CoherenceError 2            sim.errors
        ScenarioError 2         sim.scenario.errors: a scenario is not valid; lists every problem with its line
        TableError 2            sim.scenario.draws: a table of joint draws cannot be used
        FolderError 2           sim.output.files: a folder or file cannot or must not be written
        BundleError 2           sim.bundle.unpack: a result cannot be packed, or a bundle cannot be read
        DesignError 2           sim.study.points_file: the design of a study cannot be made
        SweepError 1            sim.study.description: a sweep cannot go on
            SweepRefused 2      sim.study.description: a sweep must not begin
                TornError 2     sim.study.description: a file of a sweep is not as it was written
        Stopped 130             sim.study.protocol: a sweep was stopped while a worker had a block in hand
        VersionError 1          sim.study.protocol: a worker runs other code than the sweep
        NotApplicable 2         sim.sensitivity.sample: an analysis does not fit the design of a sweep
        CompanyError 2          sim.company.importing.import_log: an import or an analysis of a company cannot go on
        LessonError 2           sim.classroom.lessons: a lesson file cannot be used
        TooLargeError 2         sim.classroom.request: a firm is too large for the classroom
        UnknownScenarioError 2  sim.classroom.request: not the name of a shipped scenario
        TooManyError 2          sim.classroom.work_queue: a client has too much work waiting
        GoneError 2             sim.classroom.work_queue: the client has left
        RequestError 2          sim.classroom.guard: a request of the classroom's page is wrong
        DrawingError 1          sim.report.background_drawing: figures could not be drawn
        Refused 2               sim.cli.terminal: wrong options or arguments of a command
        Failed 1                sim.cli.terminal: a command failed
        Interrupted 130         sim.cli.terminal: the user stopped a command

Functions that get a wrong argument from Python code raise ``ValueError`` or ``TypeError`` as everywhere; those of the
classes above that mean a wrong value are a ``ValueError`` as well.
"""

from __future__ import annotations

from typing import ClassVar


class CoherenceError(Exception):
    """Whatever this package refuses or fails at; the message is for users.

    Parameters
    ----------
    message
        What is wrong: where, which value, what is allowed.
    hint
        What one may do about it, as a sentence of its own; None where the message says it.

    Examples
    --------
    >>> str(CoherenceError("out is a file, not a folder", hint="Choose another place with --out."))
    'out is a file, not a folder. Choose another place with --out.'
    """

    exit_code: ClassVar[int] = 2
    """Exit status of a command that ends with this error."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.args = (message,) if hint is None else (message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """Return the message, and the hint if there is one."""
        return self.message if self.hint is None else f"{self.message.rstrip('.')}. {self.hint}"
