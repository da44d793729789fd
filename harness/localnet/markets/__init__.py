"""What can be traded and held, and its books: the testnet's universe, and what deployers added."""
