"""What a run tells afterwards: its data as a file, what of the shapes it has seen, and what drifted."""
