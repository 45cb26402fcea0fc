"""Settings that every test shares: one BLAS thread, and how hard Hypothesis tries.

The Hypothesis profile is the one that HYPOTHESIS_PROFILE names, else `ci` where CI is set, else `dev`;
pytest's own --hypothesis-profile comes before all of them.

| profile | examples | drawn              | for                   |
|---------|----------|--------------------|-----------------------|
| dev     | 100      | fresh, remembered  | work                  |
| ci      | 50       | the same each time | pushes                |
| nightly | 2000     | fresh, remembered  | the scheduled CI job  |
"""

import os
import sys

# Before anything imports NumPy, since BLAS reads these once. Two threads are slower on small matrices and
# change the last bits.
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
os.environ.update(dict.fromkeys(ONE_THREAD, "1"))

import threadpoolctl  # noqa: E402  # after the environment is set
from hypothesis import HealthCheck, settings  # noqa: E402

if "numpy" in sys.modules:  # a pytest plugin was faster than this file
    threadpoolctl.threadpool_limits(limits=1)

# No deadlines and no `too_slow`: both read the clock, and a busy machine is not a wrong program.
# From `default` outright: where CI is set, be it to nothing, Hypothesis has already loaded a `ci` profile of
# its own, and anything left open would come from that one.
CLOCKLESS = settings(settings.get_profile("default"), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("dev", CLOCKLESS)
settings.register_profile("ci", CLOCKLESS, max_examples=50, derandomize=True, database=None)
settings.register_profile("nightly", CLOCKLESS, max_examples=2000, derandomize=False, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if "CI" in os.environ else "dev"))
