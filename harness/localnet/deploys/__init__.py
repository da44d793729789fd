"""What deployers do: tokens, pairs, perp dexes, their prices, and the gas it costs."""
