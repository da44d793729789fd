"""What an account has and owes, and who may act for it."""
