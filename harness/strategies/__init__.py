"""Hypothesis strategies for orders: legal, on an edge, and just illegal."""

from harness.strategies.orders import crossing_intents, intents, resting_intents

__all__ = ["crossing_intents", "intents", "resting_intents"]
