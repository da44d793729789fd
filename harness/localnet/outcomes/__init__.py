"""The life of outcome markets (HIP-4): listing, conversion, settlement."""
