"""Which version made a result."""

from __future__ import annotations

from sim.output.version import code_version, other_version, package_version


def test_results_of_this_version_need_no_words() -> None:
    assert other_version(package_version(), code_version()) == ""
    assert other_version(package_version()) == ""


def test_results_of_another_version_or_source_say_so() -> None:
    version = package_version()
    assert other_version("0.0.1") == f" (it was made by smb-coherence 0.0.1, this is {version})"
    assert f"made by smb-coherence {version}, source 0123, this is {version}, source " in other_version(version, "0123")
