"""Multiple scales of oscillators and stability boundaries: what is refused, and before it takes long."""

from fractions import Fraction

import pytest

from derive.scales import Oscillator, ScalesError, boundary, polynomials
from derive.scales.polynomials import Work, positive_roots

DUFFING = Oscillator({(3, 0): -1})
VAN_DER_POL = Oscillator({(0, 1): 1, (2, 1): -1})
CYCLE = VAN_DER_POL.slow_flow(9)
QUARTIC = Oscillator({(2, 0): 1, (3, 0): 1, (4, 0): 1})


def fractions(*texts):
    return tuple(map(Fraction, texts))


LONG = 10**5000  # Python declines to write it out
ORDERS = {"-1": -1, "13": 13, "long": LONG, "long negative": -LONG, "float": 2.0, "bool": True, "str": "3", "none": None}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_orders_out_of_bounds_are_refused(order):
    with pytest.raises(ScalesError, match="order"):
        DUFFING.slow_flow(order)
    with pytest.raises(ScalesError, match="order"):
        boundary(1, "even", order)


PRIMES = (1000003, 1000033, 1000037, 1000039, 1000081, 1000099, 1000117, 1000121)
HEAVY = {
    "many terms": lambda: Oscillator({(i, j): 1 for i in range(9) for j in range(9)}).slow_flow(12),
    "high degree": lambda: Oscillator({(33, 31): 1, (64, 0): 1}).slow_flow(12),
    "long numbers": lambda: Oscillator({(3, 0): Fraction(2**4000, 3**2500), (2, 0): Fraction(1, 5**1700)}).slow_flow(12),
    "no common denominator": lambda: Oscillator({(i, 1): Fraction(1, p) for i, p in enumerate(PRIMES)}).slow_flow(12),
    "many weights": lambda: boundary(1, "even", 2, dict.fromkeys(range(1, 400), 1)),
    "many harmonics": lambda: boundary(1, "even", 12, {k: Fraction(1, PRIMES[k % 8]) for k in range(1, 90)}),
}


@pytest.mark.parametrize("case", HEAVY)
def test_too_much_work_is_refused(case, monkeypatch):
    """With a twentieth of the bound, so that the test is short."""
    monkeypatch.setattr(polynomials, "MOST_WORK", polynomials.MOST_WORK // 20)
    with pytest.raises(ScalesError, match="products of terms"):
        HEAVY[case]()


def test_too_much_work_is_refused_at_the_bound_itself():
    with pytest.raises(ScalesError, match=f"more than {polynomials.MOST_WORK} products"):
        HEAVY["many terms"]()


def test_the_work_of_a_turning_point_is_counted_beside_that_of_the_flow(monkeypatch):
    flow = QUARTIC.slow_flow(6)
    monkeypatch.setattr(polynomials, "MOST_WORK", 100)
    with pytest.raises(ScalesError, match="products of terms"):
        flow.frequency_by_displacement()
    with pytest.raises(ScalesError, match="products of terms"):
        CYCLE.limit_cycles()


def test_work_counts_long_numbers_for_more():
    work = Work(most=10)
    work.spend(9)
    with pytest.raises(ScalesError):
        work.spend(1, bits=256)


def test_what_comes_out_at_the_highest_order():
    """The bounds leave room for the cases of the textbooks."""
    for oscillator in (DUFFING, VAN_DER_POL, QUARTIC):
        assert len(oscillator.slow_flow(6).rates) == 6
    assert len(DUFFING.slow_flow(12).frequency_by_displacement()) == 13
    assert len(boundary(1, "even", 12)) == 13


@pytest.mark.parametrize(
    ("force", "omega0"),
    [
        ({(3, 0): 0.5}, 1),
        ({(3, 0): True}, 1),
        ({(3, -1): 1}, 1),
        ({3: 1}, 1),
        ({(3, 0, 0): 1}, 1),
        ([3], 1),
        (None, 1),
        (3, 1),
        ("x^3", 1),
        ({(65, 0): 1}, 1),
        ({(3, 0): -1}, 0),
        ({(3, 0): -1}, -1),
        ({(3, 0): -1}, 1.5),
    ],
    ids=str,
)
def test_forces_that_are_not_exact_polynomials_are_refused(force, omega0):
    with pytest.raises(ScalesError, match="expected"):
        Oscillator(force, omega0)


TOO_LONG = {
    "omega0": lambda: Oscillator({(3, 0): -1}, LONG),
    "negative omega0": lambda: Oscillator({(3, 0): -1}, -(10**1000)),
    "coefficient": lambda: Oscillator({(3, 0): Fraction(1, LONG)}),
    "power": lambda: Oscillator({(LONG, 0): 1}),
    "negative power": lambda: Oscillator({(3, -LONG): 1}),
    "force": lambda: Oscillator([LONG]),
    "number of a harmonic": lambda: boundary(LONG, "even", 2),
    "harmonic": lambda: boundary(1, "even", 2, {LONG: 1}),
    "weight": lambda: boundary(1, "even", 2, {2: LONG}),
}


@pytest.mark.parametrize("case", TOO_LONG)
def test_numbers_too_long_to_be_written_out_are_refused_in_words(case):
    with pytest.raises(ScalesError, match="expected"):
        TOO_LONG[case]()


def test_no_limit_cycle_and_no_turning_point_are_refused():
    with pytest.raises(ScalesError, match="no limit cycle"):
        DUFFING.slow_flow(3).limit_cycles()
    with pytest.raises(ScalesError, match="forwards and backwards"):
        VAN_DER_POL.slow_flow(2).frequency_by_displacement()


def test_irrational_and_double_cycles_are_refused():
    with pytest.raises(ScalesError, match="irrational"):  # Re psi_1 = 1/2 - s^2
        Oscillator({(0, 1): 1, (4, 1): -1}).slow_flow(1).limit_cycles()
    with pytest.raises(ScalesError, match="double root"):  # Re psi_1 = -(s - 1)^2/2
        Oscillator({(0, 1): -1, (2, 1): 2, (4, 1): Fraction(-1, 2)}).slow_flow(1).limit_cycles()


def test_an_irrational_amplitude_with_a_rational_square_is_kept_as_a_square():
    (cycle,) = Oscillator({(0, 1): 1, (2, 1): -2}).slow_flow(3).limit_cycles()
    assert cycle.squared_amplitude[0] == 2
    assert cycle.amplitude is None


@pytest.mark.parametrize(
    ("polynomial", "message"),
    [({0: 963761198400, 1: -(10**20), 2: 963761198400}, "candidates"), ({0: 10**13, 1: -(10**20), 2: 1}, "divisors")],
)
def test_roots_that_take_too_long_to_seek_are_refused(polynomial, message):
    with pytest.raises(ScalesError, match=message):
        positive_roots({k: Fraction(c) for k, c in polynomial.items()})


@pytest.mark.parametrize(
    ("polynomial", "roots"),
    [
        ({0: -6, 1: 11, 2: -6, 3: 1}, (3, 2, 1)),
        ({0: 1, 1: 1}, ()),
        ({2: -1, 4: 4}, ("1/2",)),
        ({0: 1}, ()),
        ({}, ()),
    ],
    ids=str,
)
def test_positive_roots(polynomial, roots):
    exact = {k: Fraction(c) for k, c in polynomial.items()}
    assert positive_roots(exact) == tuple(sorted(fractions(*map(str, roots))))


@pytest.mark.parametrize(
    ("m", "parity", "potential"),
    [
        (0, "odd", {2: 1}),
        (1, "both", {2: 1}),
        (-1, "even", {2: 1}),
        (True, "even", {2: 1}),
        (1, "even", {0: 1}),
        (1, "even", {2: 0.5}),
        (1, "even", None),
        (1, ["even"], {2: 1}),
        (10**7, "even", {2: 1}),
        (1, "even", {10**7: 1}),
    ],
    ids=str,
)
def test_boundaries_that_are_none_are_refused(m, parity, potential):
    with pytest.raises(ScalesError, match="expected"):
        boundary(m, parity, 2, potential)
