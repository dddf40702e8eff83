"""Where the classroom can be reached: addresses of this computer that phones can use, its names, and a code to scan."""

from __future__ import annotations

import contextlib
import io
import ipaddress
import socket

PROBES = ("192.0.2.1", "10.255.255.255", "172.31.255.255", "192.168.255.255")
"""Addresses to which a route is asked for; nothing is sent."""


def addresses() -> list[str]:
    """Return IPv4 addresses of this computer at which others can reach it, the likeliest first."""
    found: list[str] = []
    for probe in PROBES:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            try:
                one.connect((probe, 9))
                found.append(one.getsockname()[0])
            except OSError:
                continue
    with contextlib.suppress(OSError):
        found += [str(entry[4][0]) for entry in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    usable = (a for a in found if not ipaddress.ip_address(a).is_loopback and a != "0.0.0.0")
    return list(dict.fromkeys(usable))


def names() -> frozenset[str]:
    """Return the names of this computer by which a phone on the same network may call it."""
    own = socket.gethostname().lower()
    short = own.split(".")[0]
    return frozenset({own, short, f"{short}.local"}) - {""}


def qr_svg(text: str) -> str:
    """Return a QR code as an SVG image with a dark foreground on white."""
    import segno

    stream = io.BytesIO()
    segno.make(text, error="m").save(stream, kind="svg", scale=8, border=3, dark="#000000", light="#ffffff")
    return stream.getvalue().decode("ascii")
