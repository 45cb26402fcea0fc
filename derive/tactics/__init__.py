"""The untrusted part: what it proposes, certificates and models, counts only once the kernel has replayed it."""
