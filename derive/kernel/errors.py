"""What the kernel can answer instead of a result; each says what was met and what could be done."""

from __future__ import annotations


class KernelError(Exception):
    """Anything the kernel declines to do."""


class Refused(KernelError):
    """A certificate or countermodel that does not show what it claims to show."""


class Malformed(KernelError):
    """A term, certificate or countermodel that is not of the grammar."""


class Unsupported(KernelError):
    """A term of the grammar that no normal form decides yet."""


class IllPosed(KernelError):
    """An expression without a meaning, such as the product of two distributions at one point."""


class TooLarge(KernelError):
    """A decision that would cost more than the kernel allows itself."""
