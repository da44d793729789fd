"""Lending: what accounts have supplied and owe, at which rates, and what becomes of a loan that goes bad."""
