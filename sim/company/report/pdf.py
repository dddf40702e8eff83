"""A page as PDF, through a browser that prints without a window, where there is one."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "chrome",
    "msedge",
)
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-pdf-header-footer",
)  # fmt: skip


def browser() -> str | None:
    """Return a browser that can print, or None."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def to_pdf(page: Path, pdf: Path, seconds: float = 120) -> None:
    """Print a page on A4.

    Raises
    ------
    RuntimeError
        If there is no browser or it fails.
    """
    program = browser()
    if program is None:
        raise RuntimeError(
            "no browser that prints was found (chromium, chrome or edge): open the page and print it as PDF"
        )
    with tempfile.TemporaryDirectory() as home:
        made = Path(home) / "page.pdf"
        command = [
            program,
            *FLAGS,
            f"--user-data-dir={home}/profile",
            f"--print-to-pdf={made}",
            page.resolve().as_uri(),
        ]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=seconds)
        except (subprocess.SubprocessError, OSError) as error:
            raise RuntimeError(f"the browser could not print: {type(error).__name__}") from None
        if not made.is_file():
            raise RuntimeError("the browser printed nothing")
        pdf.write_bytes(made.read_bytes())
