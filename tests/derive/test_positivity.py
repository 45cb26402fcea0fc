"""No moment of a square is negative, nor less than Cauchy and Schwarz allow: a point where one is refutes nothing."""

import pytest

from derive.kernel.errors import Refused
from derive.kernel.positivity import root_of, squares
from derive.kernel.replay import replay, sealed
from derive.language import Function, Operator, Trace
from planted.statement import E, V, delta
from posing import infer_posed

X0 = Operator("X0", ())
r = Function("r")
mean, square, density = Trace(delta * X0), Trace(delta * X0 * X0), Trace(delta)
SPOKEN_OF = (r(E) * Trace(X0 * V), 1)

FALSE = {
    "a square is the square of the mean": ((square * density, mean * mean),),
    "a square is one": ((square, 1),),
    "a mean is nothing": ((mean, 0),),
    "a square is a field": ((r(E), 1), (square, r(E))),
    "a square of two": ((Trace(delta * X0 * V * V * X0), square),),
}


@pytest.mark.parametrize("name", FALSE)
def test_what_moments_may_do_is_refuted(name):
    found = infer_posed(*FALSE[name], spoken=SPOKEN_OF)
    assert found.verdict == "invalid", found.reason
    replay(found.countermodel)


def forged(**changes):
    """The point that refutes the first of them, with values put in by hand."""
    found = dict(infer_posed(*FALSE["a square is the square of the mean"], spoken=SPOKEN_OF).countermodel)
    del found["digest"]
    values = dict(found["values"])
    for name in found["values"]:
        short = ("density", "mean", "square")[name.count("X0")]
        values[name] = changes.get(short, values[name])
    return sealed({**found, "values": values})


@pytest.mark.parametrize(
    ("square", "complaint"), [("-1", "is not positive"), ("0", "is not positive"), ("1/2", "less than the square of a moment")]
)
def test_a_point_with_impossible_moments_is_refused(square, complaint):
    replay(forged())  # as it was found
    with pytest.raises(Refused, match=complaint):
        replay(forged(square=square, mean="1", density="1"))


def test_only_plain_deltas_and_whole_squares_are_read():
    plain = ("f", (("delta", 0, "energy:E", (), 1),))
    x, v = (("op", name, "", (), (), 0) for name in "XV")
    assert root_of((plain, x, x)) == (plain, x)
    assert root_of((plain, x, v, v, x)) == (plain, v, x)
    assert root_of((plain, x, v)) is None
    assert root_of((plain, x)) is None
    assert root_of((plain,)) is None
    assert root_of((("f", (("delta", 1, "energy:E", (), 1),)), x, x)) is None
    assert root_of((("f", (("delta", 0, "energy:E", (), 2),)), x, x)) is None
    assert list(squares({"xx": (plain, x, x), "x": (plain, x)})) == [("xx", "x")]
    assert list(squares({"xvvx": (plain, x, v, v, x), "vx": (plain, v, x)})) == [("xvvx", "")]
