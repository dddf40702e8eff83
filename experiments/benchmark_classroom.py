"""How smoothly does the classroom play, and does its memory stay flat?

    uv run python experiments/benchmark_classroom.py [--quick]

Starts ``coherence teach``, opens headless Chromium, plays firms of 30 and 150 people (one and two boats) at 20 and 40 weeks
a second and counts pictures drawn and the longest pause between two; then plays on with new luck and moves a slider again
and again while it reads the server's resident memory and the page's heap; then asks from ten tabs at once.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-sync",
]
COUNT = """
async (seconds) => {
  const app = Coherence.app, begun = performance.now(), drawn = app.drawn, week = app.player.t;
  let last = begun, longest = 0;
  while (performance.now() - begun < seconds * 1000) {
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }
  const took = (performance.now() - begun) / 1000;
  return {pictures: (app.drawn - drawn) / took, weeks: (app.player.t - week) / took, longest};
}
"""
READY = (
    "window.Coherence && Coherence.app.player.change && Coherence.app.player.base && Coherence.app.player.busy === 0"
)


def memory(process: int) -> float:
    """Return the resident memory of a process in MB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


def smoothness(page: Any, people: int, boats: int, speed: int, seconds: float) -> dict[str, float]:
    """Play a firm and count pictures."""
    ask = json.dumps({"scenario": "default", "set": {"headcount": people}, "weeks": 520})
    page.evaluate(f"Coherence.app.freely({ask})")
    page.wait_for_function(READY)
    page.evaluate(f"const p = Coherence.app.player; p.boats = {boats}; p.speed = {speed}; p.play(true)")
    page.wait_for_timeout(300)
    found: dict[str, float] = page.evaluate(COUNT, seconds)
    return found


def main() -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="seconds in place of minutes")
    quick = parser.parse_args().quick
    from playwright.sync_api import sync_playwright

    command = [sys.executable, "-c", "from sim.cli import main; main()", "teach", "--port", "0"]
    begun = time.perf_counter()
    with (
        tempfile.TemporaryDirectory() as votes,
        subprocess.Popen(
            [*command, "--votes", votes], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
        ) as server,
        sync_playwright() as playwright,
    ):
        assert server.stdout is not None
        address = re.findall(r"http://[\d.]+:\d+", server.stdout.readline())[0]
        print(
            f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; server up after {time.perf_counter() - begun:.1f} s"
        )
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        # What waits for the page evaluates text, which the page itself forbids.
        page = browser.new_page(viewport={"width": 1280, "height": 720}, bypass_csp=True)
        page.goto(address)
        page.wait_for_selector(".card", timeout=60000)
        print("people boats speed | pictures/s  weeks/s  longest pause ms")
        for people in (30, 150):
            for boats in (1, 2):
                for speed in (20, 40):
                    f = smoothness(page, people, boats, speed, 2 if quick else 5)
                    print(
                        f"{people:6d} {boats:5d} {speed:5d} | {f['pictures']:10.1f} {f['weeks']:8.1f} {f['longest']:10.0f}"
                    )
        tries = 30 if quick else 600
        readings = []
        for k in range(tries):
            page.evaluate(
                f"(async () => {{ const p = Coherence.app.player; await p.luck({k}); p.t = 60; p.moves = [];"
                f"await p.act('x', 'x', {{kind: 'set', values: {{'people.incentive': {0.2 + 0.001 * k}}}}}); }})()"
            )
            if k % (tries // 10) == 0:
                heap = page.evaluate("performance.memory ? performance.memory.usedJSHeapSize / 1e6 : 0")
                readings.append((k, memory(server.pid), heap))
        print("new firms asked for | server MB  page heap MB   (150 people, 520 weeks; three firms a turn)")
        for k, resident, heap in readings:
            print(f"{3 * k:19d} | {resident:9.0f} {heap:12.0f}")
        tabs = [browser.new_page(bypass_csp=True) for _ in range(9)]
        for tab in tabs:
            tab.goto(address)
            tab.wait_for_selector(".card", timeout=60000)
            tab.evaluate("Coherence.app.freely({scenario: 'default'})")
            tab.wait_for_function(READY)
        waits = page.evaluate("""async () => {
          const times = [];
          const run = (seed) => fetch('/api/run', {
            method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify({scenario: 'default', seed}),
          }).then((answer) => answer.json());
          for (let k = 0; k < 10; k++) {
            const begun = performance.now();
            await Promise.all([...Array(10).keys()].map((i) => run(100 * k + i)));
            times.push(performance.now() - begun);
          }
          return times;
        }""")
        print(
            f"ten questions at once: all answered within {max(waits):.0f} ms (median {sorted(waits)[5]:.0f}); {memory(server.pid):.0f} MB"
        )
        browser.close()
        server.terminate()
    return 0


if __name__ == "__main__":
    sys.exit(main())
