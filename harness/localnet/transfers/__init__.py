"""Money on its way: between accounts, between perpetuals and spot, into and out of stakes."""
