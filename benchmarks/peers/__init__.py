"""The same corpus, vectors and queries through pgretrieve and through what else people use."""
