"""The untrusted part: proposes certificates and countermodels; what it proposes counts only once the kernel has replayed it."""
