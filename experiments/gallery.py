"""Every story and its twin in one picture: what is different, and what it does. Writes ``results/gallery/``.

    uv run python experiments/gallery.py [--quick] [PAIR ...]

Design: each shipped story and its twin, which differs in one cause, 100 replicates each from seed 0, so that firm r of both
has the same luck. Shown: one firm of each, of the replicate that stands for the story (the surviving one whose thrust is
nearest to the median; where none survived, the one that lived longest), at the last week that both lived; and four measures
week by week over all firms. The cause is told in the words of the scenario's own file; every other number is computed.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from sim import load, run_many, scenario_names, snapshots
from sim.report.boat import boats
from sim.report.pair import Pair, pair_figure, sentence
from sim.report.run_data import gather
from sim.scenario.scenario_file import folder

HERE = Path(__file__).resolve().parent
RESULTS = HERE.parent / "results" / "gallery"
SEED = 0
FIRMS, FEW = 100, 10


def stories() -> list[str]:
    """Return the names of all shipped stories: scenarios that have an aligned twin."""
    return [name for name in scenario_names() if f"{name}-aligned" == load(name).twin]


def cause(name: str) -> str:
    """Return what a story's file says of its one cause, as one sentence."""
    lines = [
        line[1:].strip()
        for line in (folder() / f"{name}.toml").read_text(encoding="utf-8").splitlines()
        if line[:1] == "#"
    ]
    paragraph = next(text for text in "\n".join(lines).split("\n\n") if text.startswith("The one cause: "))
    first, *more = re.split(r"(?<=[a-z)\]])\. (?=[A-Z])", " ".join(paragraph.split()).rstrip("."))
    return "; ".join([first, *(text[:1].lower() + text[1:] for text in more)]) + "."


def pair_of(name: str, firms: int) -> Pair:
    """Run a story and its twin with the same luck."""
    scenarios = [load(name), load(load(name).twin or "")]
    story, twin = (gather(run_many(scenario, firms, SEED, with_departments=False)) for scenario in scenarios)
    replicate = int(story.replicates[story.portrait])
    week = int(min(m.lived[story.portrait] for m in (story, twin))) - 1
    shown = boats([snapshots(scenario, SEED, replicate, [week])[0] for scenario in scenarios])
    return Pair(story, twin, (shown[0], shown[1]), replicate)


def main(names: Sequence[str], firms: int = FIRMS, results: Path = RESULTS) -> None:
    """Run pairs, draw them, and write the page."""
    results.mkdir(parents=True, exist_ok=True)
    page = [
        "# The gallery of pairs",
        "",
        "Every story comes with a twin that differs in one cause and shares all its luck. Each picture shows the story (purple) "
        "and its twin (green, dashed): one firm of each as a boat, and all of them week by week.",
        "",
        f"Written by `experiments/gallery.py` from {firms} firms of each kind, seed {SEED}. What is different is told in "
        "the words of the scenario's own file; every number of what it does is computed. "
        "Rowing together and thrust are means over the last 13 weeks that a firm lived, cash that of its last week; differences "
        "are between firms with the same luck. The bands show what luck does under this model, not how sure anybody is of "
        "the model, and no number is a forecast.",
    ]
    for name in names:
        pair = pair_of(name, firms)
        pair_figure(pair, results / f"{name}.png")
        said = sentence(pair)
        page += [
            "",
            f"## {pair.story.title}",
            "",
            f"![{pair.story.title}, and its twin: {pair.twin.title}]({name}.png)",
            "",
        ]
        page += [f"**What is different.** {cause(name)}", "", f"**What it does.** {said}", ""]
        page += [f"`coherence run {name}`, `coherence run {pair.twin.name}`"]
        print(f"{name}: {said}", flush=True)
    (results / "README.md").write_text("\n".join(page) + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help=f"{FEW} firms of each, into out/gallery")
    parser.add_argument("pairs", nargs="*", metavar="PAIR", help="names of stories; left out: all")
    said = parser.parse_args()
    unknown = sorted({*said.pairs} - {*stories()})
    if unknown:
        sys.exit(f"{unknown[0]} is not a story with a twin: choose among {', '.join(stories())}")
    main(said.pairs or stories(), FEW if said.quick else FIRMS, Path("out/gallery") if said.quick else RESULTS)
