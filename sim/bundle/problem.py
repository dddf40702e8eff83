"""What can be wrong with a result or a bundle."""

from __future__ import annotations


class BundleError(ValueError):
    """A result that cannot be packed, or a bundle that cannot be read; the message is one sentence for users."""
