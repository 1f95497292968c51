"""What pgretrieve costs and what it finds, measured on your own machine: ``python -m benchmarks.run --help``."""
