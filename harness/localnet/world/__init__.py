"""Who is there beside the clients: the house, a market that walks, and how it all begins."""
