"""Sensitivity: which parameters a measure answers to, how sure that is, and where a firm fails.

Take a finished sweep, `read` a measure, `analyse` it; `converge` and `stability` tell whether the design and the replicates
were enough, `advise` says so before anything is run, `discover` finds the corner of the cube in which firms fail.
"""

from sim.sensitivity.advice import advise
from sim.sensitivity.analysis import METHODS, Findings, Index, analyse, methods
from sim.sensitivity.convergence import Convergence, converge
from sim.sensitivity.discovery import Discovery, discover
from sim.sensitivity.morris import Curve, curves
from sim.sensitivity.ranking import Verdict
from sim.sensitivity.replicates import Stability, VarianceShares, stability
from sim.sensitivity.sample import NotApplicable, Sample, Source, read

__all__ = [
    "METHODS",
    "Convergence",
    "Curve",
    "Discovery",
    "Findings",
    "Index",
    "NotApplicable",
    "Sample",
    "Source",
    "Stability",
    "VarianceShares",
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
