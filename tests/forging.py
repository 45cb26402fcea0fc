"""Evidence written by hand, as no prover would make it: terms as JSON lists, and the objects that replay reads, sealed."""

from derive.kernel.replay import sealed

TAU, T, E, E2 = "slow:tau", "time:t", "energy:E", "energy:E2"
H, ZERO, ONE = ["ham", "H", [TAU]], ["num", "0"], ["num", "1"]
HBAR, EPS = ["par", "hbar"], ["par", "eps"]
LINE = (["prod", ["num", "-1"], ["oo"]], ["oo"])


def op(name, coordinates=(TAU, T), arbitrary=0, index=""):
    return ["op", name, index, list(coordinates), arbitrary]


def function(name, *arguments, arbitrary=0, smooth=1, orders=None):
    return ["fun", name, list(orders or [0] * len(arguments)), list(arguments), smooth, arbitrary]


def coord(token):
    return ["coord", token]


def add(*terms):
    return ["sum", *terms]


def mul(*factors):
    return ["prod", *factors]


def minus(left, right):
    return add(left, mul(["num", "-1"], right))


def delta(energy=E, order=0):
    return ["delta", order, minus(coord(energy), H)]


def series(start=1, name="rho", parameter="eps", coordinates=(TAU, T), slow_only=()):
    return ["series", name, list(coordinates), list(slow_only), parameter, start]


def step(*moves, premise=0, factor=ONE):
    return {"premise": premise, "moves": list(moves), "factor": factor}


def certificate(claim, premises=(), steps=(), **fields):
    return sealed(
        {
            "kind": "certificate",
            "hamiltonian": ["H", [TAU]],
            "claim": claim,
            "premises": [{"name": str(k), "equation": equation} for k, equation in enumerate(premises)],
            "nonzero": [],
            "simple": "",
            "rewrites": [],
            "steps": list(steps),
            "closing": ["vanishes"],
            "modulo": [],
            **fields,
        }
    )


def model(claim, premises, values, witness=(), rewrites=(), labels=(), **fields):
    return sealed(
        {
            "kind": "countermodel",
            "hamiltonian": ["H", [TAU]],
            "size": 2,
            "labels": dict(labels),
            "claim": claim,
            "premises": [{"name": str(k), "equation": equation, "forms": forms} for k, (equation, forms) in enumerate(premises)],
            "rewrites": list(rewrites),
            "values": values,
            "witness": list(witness),
            **fields,
        }
    )
