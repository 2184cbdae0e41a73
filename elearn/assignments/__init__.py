"""Which courses are asked of whom by when; what came of it is known above, where learning is."""
