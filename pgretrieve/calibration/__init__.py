"""From what a search knows of a hit to the probability that it is relevant. Pure: no database, no encoder."""
