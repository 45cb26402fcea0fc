"""The limit of many levels: encoded expressions interpreted on large samples, with smooth fields of the energy.

sample        levels and the drive's matrix in the frozen eigenbasis, by law
drives        what is driven: V independent of H0, rotating, shaped by a(E), on independent levels
words         sums of coefficient(E) times a word of operators, and their traces
rules, flow, slow
              what each node of the language denotes; integrals over a fast time; slow derivatives
reading       one encoded expression on one sample
"""
