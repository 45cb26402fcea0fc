"""Multiple scales."""
from derive.scales.errors import ScalesError
from derive.scales.operators import Expansion, expand, put_in
__all__ = ["Expansion", "ScalesError", "expand", "put_in"]
