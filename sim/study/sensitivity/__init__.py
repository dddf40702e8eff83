"""Sensitivity: which parameters a measure answers to, how sure that is, and where a firm fails.

Take a finished sweep, `read` a measure, `analyse` it; `converge` and `stability` tell whether the design and the replicates
were enough, `advise` says so before anything is run, `discover` finds the corner of the cube in which firms fail.
"""

from sim.study.sensitivity.advice import advise
from sim.study.sensitivity.analysis import METHODS, Findings, Index, analyse, methods
from sim.study.sensitivity.convergence import Convergence, converge
from sim.study.sensitivity.discovery import Discovery, discover
from sim.study.sensitivity.effects import Curve, curves
from sim.study.sensitivity.reading import Sample, Source, Unfit, read
from sim.study.sensitivity.replicates import Luck, Stability, stability
from sim.study.sensitivity.verdict import Verdict

__all__ = [
    "METHODS",
    "Convergence",
    "Curve",
    "Discovery",
    "Findings",
    "Index",
    "Luck",
    "Sample",
    "Source",
    "Stability",
    "Unfit",
    "Verdict",
    "advise",
    "analyse",
    "converge",
    "curves",
    "discover",
    "methods",
    "read",
    "stability",
]
