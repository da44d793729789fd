"""What two runs, or a run and its cassettes, answer differently, sorted by what it means."""
