"""A second checker, apart from the kernel: exact finite models over a large prime field and over the rationals."""

from derive.second.germs import Disagrees, NoMeaning
from derive.second.replay import replay_second

__all__ = ["Disagrees", "NoMeaning", "replay_second"]
