"""Lending: interest on what accounts have supplied and owe, and what becomes of a loan that goes bad."""
