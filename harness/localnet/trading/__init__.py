"""What happens to orders and positions: matching, triggers, TWAPs, fees, funding, liquidation."""
