"""Tests, on real PostgreSQL servers. Oracles in plain Python stand in ``reference``."""
