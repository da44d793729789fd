"""What keeps money safe: the guard in front of each request, and the sweep behind each scenario."""
