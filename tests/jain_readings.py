"""The two assignments of the paper's readings under which tests judge its steps."""

import derive

JAIN = derive.load("jain")
FIRST = {reading.name: next(iter(reading.options)) for reading in JAIN.readings}
HEADLINE = FIRST | {  # what a check of the whole paper finds to save most steps
    "Phi": "function",
    "equation (26)": "trace",
    "equation (31)": "trace modulo",
    "equation (33)": "under the integral",
    "limits and sums": "restored",
    "rho0' of": "E",
}
