"""Ensembles and streams: what they refuse, their exact symmetries, and their statistics.

Statistics are taken on fixed streams over independent matrices, against exact values at the size
used where there are any, and must lie within four standard errors (a false alarm of 6e-5 for each
number if the stream were fresh).
"""

import dataclasses
import itertools
import subprocess
import sys

import numpy as np
import pytest

from numeric.ensembles import ENSEMBLES, GOE, GSE, GUE, MAX_SIZE, Ensemble, Poisson, ensemble
from numeric.streams import stream

SEED = 20261122
PINNED = [9868898454257458455, 9673524521109720157, 16346093636026285613]
EACH = pytest.mark.parametrize("law", [make() for make in ENSEMBLES.values()], ids=list(ENSEMBLES))
GAUSSIAN = pytest.mark.parametrize("law", [GOE(), GUE(), GSE()], ids=lambda law: law.name)


def deviation(samples, expected):
    """(mean - expected) in standard errors; samples independent along axis 0."""
    samples = np.asarray(samples, dtype=float)
    return (samples.mean() - expected) / (samples.std(ddof=1) / np.sqrt(len(samples)))


def dagger(matrices):
    return np.swapaxes(matrices.conj(), -1, -2)


def matrices(law, size, count, *key):
    return law.sample_many(stream(SEED, law.name, size, *key), size, count)


# What must be refused ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", "goe", "GOE ", "GXE", "poisson", "Wishart"])
def test_unknown_name_is_refused_with_the_known_ones(name):
    with pytest.raises(ValueError, match=r"expected the name of an ensemble.*GOE, GUE, GSE, Poisson") as error:
        ensemble(name)
    assert repr(name) in str(error.value)


@EACH
@pytest.mark.parametrize("size", [0, -2, MAX_SIZE + 2, 4.0, 2.5, "4", None, True, np.float64(4), (4, 4)])
def test_size_out_of_range_is_refused(law, size):
    for attempt in (
        lambda: law.sigma2(size),  # first: if the bound were lost, the others would fill the memory
        lambda: law.sample(stream(SEED), size),
        lambda: law.sample_many(stream(SEED), size, 2),
    ):
        with pytest.raises(ValueError, match=f"{law.name}: expected a matrix size.*1..20000"):
            attempt()


@pytest.mark.parametrize("size", [1, 3, 7, MAX_SIZE - 1])
def test_odd_size_is_refused_by_gse_alone(size):
    for attempt in (lambda: GSE().sigma2(size), lambda: GSE().sample(stream(SEED), size)):
        with pytest.raises(ValueError, match=f"even size = 2n .* came {size}; take {size + 1}"):
            attempt()
    for law in (GOE(), GUE(), Poisson()):
        assert law.sigma2(size) == 1 / size


@EACH
@pytest.mark.parametrize("count", [0, -1, 1.0, "2", None, True])
def test_count_out_of_range_is_refused(law, count):
    with pytest.raises(ValueError, match=f"{law.name}: expected a count of matrices"):
        law.sample_many(stream(SEED), 4, count)


@pytest.mark.parametrize("name", list(ENSEMBLES))
@pytest.mark.parametrize("scale", [0.0, -1.0, float("nan"), float("inf")])
def test_scale_out_of_range_is_refused(name, scale):
    with pytest.raises(ValueError, match=f"{name}: expected sigma2_times_size finite and above 0"):
        ensemble(name, scale)


@EACH
@pytest.mark.parametrize("rng", [7, None, np.random.RandomState(1), np.random])
def test_what_is_no_generator_is_refused(law, rng):
    with pytest.raises(TypeError, match=r"expected a numpy\.random\.Generator"):
        law.sample(rng, 4)


def test_an_ensemble_is_frozen_and_the_base_abstract():
    with pytest.raises(dataclasses.FrozenInstanceError):
        GOE().sigma2_times_size = 2.0
    with pytest.raises(TypeError, match="abstract"):
        Ensemble()
    with pytest.raises(TypeError):
        ENSEMBLES["GXE"] = GOE


@pytest.mark.parametrize("seed", [-1, 2**63, 2**64, 1.0, "1", None, True, np.float64(3)])
def test_seed_out_of_range_is_refused(seed):
    with pytest.raises(ValueError, match=r"0 <= seed < 2\*\*63, came"):
        stream(seed, "H0")


@pytest.mark.parametrize("part", [1.0, None, True, b"H0", ("H0",), ["H0"], 1j, np.float32(1)])
def test_key_of_another_type_is_refused(part):
    with pytest.raises(ValueError, match="parts of a stream's key to be integers or strings"):
        stream(SEED, "GOE", part)


# Streams -----------------------------------------------------------------------------------------

NAMES = [
    (0,),
    (1,),
    (0, 0),
    (0, 1),
    (0, -1),
    (0, "1"),
    (0, "0"),
    (0, ""),
    (0, "", ""),
    (0, "ab", "c"),
    (0, "a", "bc"),
    (0, "a,b"),
    (0, "a", "b"),
    (0, "b", "a"),
    (0, 'a","b'),
    (0, "a", 12),
    (0, "a", 1, 2),
    (0, "é"),
    (0, "e"),
    (0, 2**64),
    (2**63 - 1,),
]


def test_different_names_are_different_streams():
    first = {name: tuple(stream(*name).bit_generator.random_raw(4)) for name in NAMES}
    for one, other in itertools.combinations(NAMES, 2):
        assert first[one] != first[other], (one, other)


def test_streams_of_neighbouring_names_are_uncorrelated():
    draws = np.array([stream(SEED, "H0", k).standard_normal(4000) for k in range(12)])
    correlation = np.corrcoef(draws)[np.triu_indices(12, 1)]
    assert np.abs(correlation).max() < 4 / np.sqrt(4000)


def test_the_bits_of_a_stream_are_pinned():
    """A change here changes every recorded number: it is a new version, not a repair."""
    raw = stream(7, "GOE", 128).bit_generator.random_raw(3)
    assert [int(word) for word in raw] == PINNED


def test_a_stream_does_not_depend_on_the_process_or_its_hash_seed():
    code = "from numeric.streams import stream; print(*stream(7, 'GOE', 128).bit_generator.random_raw(3))"
    for hash_seed in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": ":".join(filter(None, ["", *sys.path]))},
            capture_output=True,
            text=True,
            check=True,
        )
        assert [int(word) for word in done.stdout.split()] == PINNED


def test_integers_of_numpy_name_the_same_stream():
    assert stream(np.int64(3), np.int32(4)).random() == stream(3, 4).random()


# Reproducibility ---------------------------------------------------------------------------------


@EACH
def test_same_name_same_bytes_another_name_another_draw(law):
    def draw(*key):
        return law.sample(stream(*key), 6)

    assert draw(1, "H0").tobytes() == draw(1, "H0").tobytes()
    for other in [(1, "V"), (2, "H0"), (1,), (1, "H0", 0)]:
        assert not np.isclose(np.diag(draw(*other)), np.diag(draw(1, "H0"))).any()


@EACH
def test_many_are_the_successive_ones(law):
    rng = stream(SEED, "chunks")
    single = [law.sample(rng, 6) for _ in range(5)]
    many = law.sample_many(stream(SEED, "chunks"), 6, 5)
    assert np.array(single).tobytes() == many.tobytes()
    assert not np.isclose(np.diag(single[0]), np.diag(single[1])).any()


@EACH
def test_the_scale_multiplies_matrices_by_its_root(law):
    wide = ensemble(law.name, 4.0)
    assert (wide.radius, law.radius) == (4.0, 2.0)
    assert (wide.sample(stream(SEED), 6) == 2 * law.sample(stream(SEED), 6)).all()


# Exact symmetries --------------------------------------------------------------------------------


@EACH
@pytest.mark.parametrize("size", [2, 6, 30])
def test_hermitian_exactly_and_of_the_stated_shape_and_dtype(law, size):
    h = matrices(law, size, 7)
    assert h.shape == (7, size, size)
    assert h.dtype == (np.float64 if law.name in ("GOE", "Poisson") else np.complex128)
    assert np.array_equal(h, dagger(h))
    assert law.sample(stream(SEED), size).shape == (size, size)


def test_size_one():
    for law in (GOE(), GUE(), Poisson()):
        assert law.sample(stream(SEED), 1).shape == (1, 1)


def test_only_goe_and_poisson_are_invariant_under_conjugation():
    for law in map(ensemble, ENSEMBLES):
        h = matrices(law, 6, 3)
        assert np.array_equal(h, h.conj()) == (law.name in ("GOE", "Poisson"))


def time_reversal(size):
    """J of Theta = J K: 1_n (x) i sigma_y."""
    return np.kron(np.eye(size // 2), [[0, 1], [-1, 0]])


@pytest.mark.parametrize("size", [2, 4, 30])
def test_gse_is_invariant_under_theta_exactly(size):
    h = matrices(GSE(), size, 5)
    j = time_reversal(size)
    assert np.array_equal(j @ j, -np.eye(size))
    assert np.array_equal(j @ h.conj() @ j.T, h)


def test_theta_is_no_symmetry_of_the_others():
    j = time_reversal(6)
    for law in (GOE(), GUE(), Poisson()):
        h = matrices(law, 6, 5)
        assert not np.allclose(j @ h.conj() @ j.T, h)


def test_gse_has_zeros_within_diagonal_blocks_and_nowhere_else():
    h = matrices(GSE(), 8, 3)
    pair = np.kron(np.eye(4), [[0, 1], [1, 0]]).astype(bool)
    assert (h[:, pair] == 0).all()
    assert (h[:, ~pair] != 0).all()


def test_levels_are_doublets_where_kramers_says_so():
    for law in map(ensemble, ENSEMBLES):
        levels = np.linalg.eigvalsh(matrices(law, 20, 5))
        split = np.abs(levels[:, 1::2] - levels[:, 0::2])
        assert (split.max() < 1e-13) == law.kramers
        assert (levels[:, 2::2] - levels[:, 1:-1:2]).min() > 1e-7


def test_poisson_is_diagonal_and_its_samples_commute():
    a, b = matrices(Poisson(), 9, 2)
    assert np.array_equal(a, np.diag(np.diag(a)))
    assert np.array_equal(a @ b, b @ a)


# Statistics --------------------------------------------------------------------------------------


@GAUSSIAN
@pytest.mark.parametrize("scale", [1.0, 0.3])
def test_mean_square_of_the_elements(law, scale):
    size, count = 12, 1500
    h = matrices(ensemble(law.name, scale), size, count) / np.sqrt(scale / size)
    upper = np.triu(np.ones((size, size), bool), 1)
    upper[np.arange(0, size, 2), np.arange(1, size, 2)] = False  # zero in GSE, and few
    off = (np.abs(h[:, upper]) ** 2).mean(axis=1)
    diagonal = (np.abs(np.diagonal(h, axis1=1, axis2=2)) ** 2).mean(axis=1)
    expected = {"GOE": 2, "GUE": 1, "GSE": 1}[law.name]
    assert abs(deviation(off, 1)) < 4
    assert abs(deviation(diagonal, expected)) < 4
    assert abs(deviation(diagonal, 3 - expected)) > 4
    # every single element, not only their mean; 4.5 because there are about a hundred
    each = np.abs(h[:, upper]) ** 2
    errors = (each.mean(axis=0) - 1) / (each.std(axis=0, ddof=1) / np.sqrt(count))
    assert np.abs(errors).max() < 4.5


@GAUSSIAN
def test_elements_have_mean_zero_and_an_isotropic_phase(law):
    h = matrices(law, 12, 1500)[:, 0, 2:]
    assert abs(deviation(h.real.mean(axis=1), 0)) < 4
    if law.beta > 1:
        assert abs(deviation(h.imag.mean(axis=1), 0)) < 4
        assert abs(deviation((h**2).real.mean(axis=1), 0)) < 4
        assert abs(deviation((h**2).imag.mean(axis=1), 0)) < 4


MOMENTS = {  # <Tr H^2>/N and <Tr H^4>/N at size N; large N: the semicircle's Catalan numbers 1, 2
    "GOE": lambda n: (1 + 1 / n, 2 + 5 / n + 5 / n**2),
    "GUE": lambda n: (1, 2 + 1 / n**2),
    "GSE": lambda n: (1 - 1 / n, 2 - 5 / n + 5 / n**2),
    "Poisson": lambda n: (1, 2),
}


@EACH
@pytest.mark.parametrize("size", [2, 10, 100])
def test_moments_of_the_spectrum(law, size):
    levels = np.linalg.eigvalsh(matrices(law, size, 8000 // size))
    second, fourth = MOMENTS[law.name](size)
    for power, expected in [(1, 0), (2, second), (3, 0), (4, fourth)]:
        assert abs(deviation((levels**power).mean(axis=1), expected)) < 4


@EACH
def test_the_spectrum_is_a_semicircle_of_radius_two(law):
    levels = np.sort(np.linalg.eigvalsh(matrices(law, 200, 18)).ravel())
    x = np.clip(levels / 2, -1, 1)
    semicircle = 0.5 + (x * np.sqrt(1 - x**2) + np.arcsin(x)) / np.pi
    uniform = 0.5 + x / 2
    counted = np.arange(0.5, len(x)) / len(x)
    bound = 2.2 / np.sqrt(len(x))  # Kolmogorov: 1e-4 for independent levels; rigid ones are far below
    assert np.abs(counted - semicircle).max() < bound < np.abs(counted - uniform).max()
    assert 1.9 < np.abs(levels).max() < 2.1


GAP_RATIO = {"GOE": 0.5307, "GUE": 0.5996, "GSE": 0.6744, "Poisson": 2 * np.log(2) - 1}


@EACH
def test_gap_ratio(law):
    """<min(s, s') / max(s, s')> over neighbouring gaps; Atas et al., Phys. Rev. Lett. 110, 084101 (2013)."""
    levels = np.linalg.eigvalsh(matrices(law, 120, 300))
    levels = levels[:, :: 2 if law.kramers else 1]
    quarter = levels.shape[1] // 4
    gaps = np.diff(levels[:, quarter:-quarter], axis=1)
    ratio = np.minimum(gaps[:, 1:], gaps[:, :-1]) / np.maximum(gaps[:, 1:], gaps[:, :-1])
    for name, expected in GAP_RATIO.items():
        assert (abs(deviation(ratio.mean(axis=1), expected)) < 4) == (name == law.name)
