"""The numeric layer: random matrices, smoothing kernels, measured truth."""
