"""How fast is the engine? Ratios measured in one run, as a markdown table.

Times are medians of several rounds; in a round everything that is compared runs once, one after the other, so that a busy
minute of the machine falls on all of them. They are times of the processor, but for threads, memory and starts, which are
times of the clock. Run with ``uv run python experiments/benchmark.py [--quick]``.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # for the other files of this folder

import numba  # noqa: E402
import numpy as np  # noqa: E402

from sim.rules.week import PHASES, live  # noqa: E402
from sim.scenario import Scenario  # noqa: E402
from sim.simulate import NOTHING, Simulation, run_many  # noqa: E402
from sim.state import recording  # noqa: E402

LARGE = 100_000
WEEKS = 156


def sized(people: int, weeks: int = WEEKS, k_in: int = 4) -> Scenario:
    """Return the default firm with so many people and enough money to live to the end."""
    return Scenario.model_validate(
        {"headcount": people, "weeks": weeks, "people": {"k_in": k_in}, "money": {"buffer": 1e6}}
    )


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that a piece of work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def medians(
    works: dict[str, Callable[[], object]], rounds: int, clock: Callable[[], float] = time.process_time
) -> dict[str, float]:
    """Return the median seconds of each piece of work over interleaved rounds; work that returns a float timed itself."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            start = clock()
            own = work()
            times[name].append(own if isinstance(own, float) else clock() - start)
    return {name: statistics.median(each) for name, each in times.items()}


def weeks_of(people: int, quick: bool) -> int:
    """Return for how many weeks a firm of a size is run: enough for a time that can be measured."""
    work = 300_000 if quick else 2_000_000
    return max(3, min(WEEKS, work // people))


def arrays(state: Any) -> list[Any]:
    """Return all arrays of a state, its parts' included."""
    found: list[Any] = []
    for part in state:
        found += arrays(part) if isinstance(part, tuple) else [part] if isinstance(part, np.ndarray) else []
    return found


class Living:
    """A simulation that lives a fixed number of weeks over and over, without set-up; it tells the seconds for living them once."""

    def __init__(self, scenario: Scenario, weeks: int) -> None:
        self.lane, self.weeks = Simulation(scenario, weeks), weeks
        self.lane.found(1, 0)

        # The clock of the processor is too coarse for a few milliseconds.
        self.times = max(1, 200_000 // (scenario.posts * weeks))

    def __call__(self) -> float:
        """Live the weeks; the calendar then goes back, and people stay as they are."""
        start = time.process_time()
        for _ in range(self.times):
            live(self.lane.box, self.weeks, 0, len(PHASES), *NOTHING)
            self.lane.state.firm["week"] = 0
        return (time.process_time() - start) / self.times


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def us(seconds: float) -> str:
    """Return microseconds with three digits."""
    return f"{seconds * 1e6:.3g}"


# -- the questions


MODEL_2: dict[str, Any] = {
    "founder.frame": 0.9, "people.forgetting": 0.015, "people.ramp_up": 12, "people.leaver_cost": 2, "mood.morale": 1.1,
    "mood.temper": 0.15, "mood.climate": 0.1, "market.demand_noise": 0.2, "money.thrift": 0.05, "money.draw": 0.1,
    "money.reserve": 1e6, "work.rework_cost": 0.5,
}  # fmt: skip
"""Every mechanism that is off by default, switched on, in a firm that has money enough to live on."""


def against_others(quick: bool, rounds: int) -> str:
    """Compare with the plain Mesa model, and with a toy of ours in Mesa with NumPy arrays and in a naive numba loop."""
    import mesa

    from experiments.peers import ArrayModel, naive_week, people
    from sim.reference import ReferenceFirm

    rows = []
    for count in (30, 300, 3000):
        weeks = max(2, (3000 if quick else 9000) // count)
        scenario = sized(count)
        plain, vectors, toy = ReferenceFirm(scenario, 1), ArrayModel(count), people(count)
        naive_week(**toy)  # compiles

        def reference(plain: ReferenceFirm = plain, weeks: int = weeks) -> None:
            for _ in range(weeks):
                plain.step()

        def arrays_of_numpy(vectors: ArrayModel = vectors) -> None:
            for _ in range(WEEKS):
                vectors.step()

        def naive(toy: dict[str, Any] = toy, times: int = max(1, 100_000 // (count * WEEKS))) -> float:
            start = time.process_time()
            for _ in range(times * WEEKS):
                naive_week(**toy)
            return (time.process_time() - start) / times

        works: dict[str, Callable[[], object]] = {
            "off": Living(scenario, WEEKS),
            "on": Living(scenario.replace(MODEL_2), WEEKS),
            "reference": reference,
            "arrays": arrays_of_numpy,
            "naive": naive,
        }
        found = medians(works, rounds)
        each = {name: seconds / (count * (weeks if name == "reference" else WEEKS)) for name, seconds in found.items()}
        ratios = [f"{each[name] / each['off']:,.2f}" for name in ("on", "naive", "arrays", "reference")]
        rows.append([f"{count:,}", f"{each['off'] * 1e9:.0f}", *ratios])
    head = [
        "employees", "engine, ns per employee-week", "all of model 2 on", "naive numba loop (toy)",
        "Mesa with NumPy arrays (toy)", f"Mesa {mesa.__version__} objects (whole model)",
    ]  # fmt: skip
    return table(head, rows) + "\n\nThe last four are times the engine's."


def by_size(quick: bool, rounds: int) -> str:
    """Ask what an employee-week costs by size, and how set-up compares with a run of 156 weeks."""
    works: dict[str, Callable[[], object]] = {}
    sizes = (30, 300, 3000, 30_000, LARGE)
    weeks = {n: weeks_of(n, quick) for n in sizes}
    for n in sizes:
        scenario = sized(n)
        lane = Simulation(scenario)
        works[f"live {n}"] = Living(scenario, weeks[n])
        works[f"found {n}"] = partial(lane.found, 1, 0)
        works[f"allocate {n}"] = partial(Simulation, scenario)
    found = medians(works, rounds)
    rows = []
    for n in sizes:
        week = found[f"live {n}"] / weeks[n]
        rows.append(
            [
                f"{n:,}",
                us(week / n),
                f"{1e-6 * n / week:.2f}",
                f"{found[f'allocate {n}'] * 1e3:.3g}",
                f"{found[f'found {n}'] * 1e3:.3g}",
                f"{week * WEEKS * 1e3:.4g}",
                f"{found[f'found {n}'] / (week * WEEKS):.2%}",
            ]
        )
    head = [
        *("employees", "µs per employee-week", "million employee-weeks/s", "allocation, ms", "founding, ms"),
        *(f"{WEEKS} weeks, ms", "founding / run"),
    ]
    return table(head, rows)


def by_links(quick: bool, rounds: int) -> str:
    """Ask what links cost at 3000 employees."""
    weeks = weeks_of(3000, quick)
    degrees = (0, 2, 4, 8, 16, 32)
    works: dict[str, Callable[[], object]] = {str(k): Living(sized(3000, k_in=k), weeks) for k in degrees}
    found = medians(works, rounds)
    cost = {k: found[str(k)] / (3000 * weeks) for k in degrees}
    slope = float(np.polyfit(degrees, list(cost.values()), 1)[0])
    rows = [[str(k), us(cost[k]), f"{cost[k] / cost[4]:.2f}"] for k in degrees]
    return table(["k_in", "µs per employee-week", "against k_in = 4"], rows) + (
        f"\n\nA link costs {slope * 1e9:.2f} ns a week."
    )


def steps(quick: bool, rounds: int) -> str:
    """Ask what stepping through Mesa costs over the engine, week by week with the same luck."""
    from sim.agents.firm import Firm

    rows = []
    for people in (30, 300, 3000):
        scenario = sized(people, 26 * rounds if quick else WEEKS * rounds)
        build = medians({"build": partial(Firm, scenario, seed=1)}, rounds)["build"]
        step, week = _stepped(Firm(scenario, seed=1), scenario)
        above = float(np.median(step - week))
        rows.append(
            [f"{people:,}", us(float(np.median(step))), us(float(np.median(week))), us(above), f"{build * 1e3:.3g}"]
        )
    return table(["employees", "Firm.step, µs", "engine's week, µs", "above the engine, µs", "Firm(), ms"], rows)


def _stepped(firm: Any, scenario: Scenario) -> tuple[Any, Any]:
    """Return seconds of each week through Mesa, and of the same week in the engine."""
    lane = Simulation(scenario)
    lane.found(1, 0)
    series, departments = recording(1, scenario.weeks, len(lane.state.plan.headcount))
    times = np.empty((2, scenario.weeks))
    for week in range(scenario.weeks):
        start = time.process_time()
        firm.step()
        middle = time.process_time()
        live(lane.box, 1, 0, len(PHASES), series[0], departments[0])
        times[:, week] = middle - start, time.process_time() - middle
    return times[0], times[1]


def threads(quick: bool, rounds: int) -> str:
    """Ask what a second thread brings."""
    runs = 100 if quick else 400
    scenario = sized(30)
    works: dict[str, Callable[[], object]] = {
        str(workers): partial(run_many, scenario, runs, workers=workers) for workers in (1, 2)
    }
    found = medians(works, rounds, time.perf_counter)
    rows = [
        [str(w), f"{found[str(w)]:.3f}", f"{runs / found[str(w)]:,.0f}", f"{found['1'] / found[str(w)]:.2f}"]
        for w in (1, 2)
    ]
    return table(["threads", f"{runs} runs of 30 people, s", "runs/s", "gain"], rows)


def peak() -> float:
    """Return the most memory that this process has held, in MiB."""
    status = Path("/proc/self/status")
    if status.exists():  # on Linux a process that another one started counts the memory of that one in ru_maxrss
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)


MEMORY = """
import sys, time
sys.path.insert(0, {root!r})
from experiments.benchmark import arrays, peak, sized
from sim.simulate import Simulation, run
run(sized(30, 2))
base, start = peak(), time.perf_counter()
run(sized({people}, {weeks}))
seconds, most = time.perf_counter() - start, peak()
print(base, most, seconds, sum(a.nbytes for a in arrays(Simulation(sized({people}, {weeks})).state)))
"""


def memory(quick: bool) -> str:
    """Ask how much memory a very large firm takes, in a process of its own."""
    weeks = 8 if quick else WEEKS
    code = MEMORY.format(root=str(ROOT), people=LARGE, weeks=weeks)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    base, most, seconds, held = (float(x) for x in done.stdout.split())
    rows = [[f"{LARGE:,} x {weeks}", f"{seconds:.2f}", f"{base:.0f}", f"{most:.0f}", f"{held / LARGE:.0f}"]]
    return table(
        ["employees x weeks", "s", "peak before (imports), MiB", "peak, MiB", "bytes of arrays per employee"], rows
    )


def starts(quick: bool, rounds: int) -> str:
    """Ask how long ``coherence run`` takes with compiled code at hand, and with none (an empty cache)."""
    command = [sys.executable, "-c", "from sim.cli import main; main()", "run", "default", "-n", "100"]
    rows = []
    with tempfile.TemporaryDirectory() as folder:

        def start(cache: Path, out: str, more: tuple[str, ...] = ()) -> float:
            env = os.environ | {"COHERENCE_CACHE": str(cache)}
            target = Path(folder) / out
            shutil.rmtree(target, ignore_errors=True)
            full = [*command, "--out", str(target), *more]
            return timed(lambda: subprocess.run(full, env=env, cwd=ROOT, capture_output=True, check=True))

        kept = Path(folder) / "cache"
        cold = start(kept, "cold", ("--no-figures",))
        warm = statistics.median(start(kept, "warm", ("--no-figures",)) for _ in range(rounds))
        drawn = statistics.median(start(kept, "drawn") for _ in range(1 if quick else rounds))
        bare = statistics.median(
            timed(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True)) for _ in range(rounds)
        )
        rows = [
            ["Python alone", f"{bare:.2f}"],
            ["100 firms, warm", f"{warm:.2f}"],
            ["100 firms, warm, with figures", f"{drawn:.2f}"],
            ["100 firms, cold (all compiled anew)", f"{cold:.2f}"],
        ]
    return table(["`coherence run default -n 100`", "s"], rows)


def machine() -> str:
    """Say on what this was measured."""
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line.split(":")[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
        name = names[0] if names else name
    load = ", ".join(f"{x:.2f}" for x in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"
    return (
        f"{name}, {os.cpu_count()} cores, load {load} at the start; {platform.system()}, Python {platform.python_version()}, "
        f"NumPy {np.__version__}, numba {numba.__version__}. Five axes, {WEEKS} weeks, defaults but for size and cash."
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="smaller work and fewer rounds")
    quick = parser.parse_args().quick
    rounds = 3 if quick else 5
    Simulation(sized(30, 2)).run(1, 0)  # compiles, if need be
    sections: list[tuple[str, Callable[[], str]]] = [
        ("Against others", lambda: against_others(quick, rounds)),
        ("Size", lambda: by_size(quick, rounds)),
        ("Links", lambda: by_links(quick, rounds)),
        ("Stepping through Mesa", lambda: steps(quick, rounds)),
        ("Threads", lambda: threads(quick, rounds)),
        ("Memory", lambda: memory(quick)),
        ("Starting", lambda: starts(quick, min(rounds, 5))),
    ]
    print(f"# Speed\n\n{machine()}")
    for title, section in sections:
        print(f"\n## {title}\n\n{section()}", flush=True)


if __name__ == "__main__":
    main()
