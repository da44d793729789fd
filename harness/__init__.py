"""Scenario harness for the Hyperliquid exchange: replay, embedded exchange, testnet."""

__version__ = "0.1.0"
