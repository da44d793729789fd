"""`python -m harness` is `hl-harness`."""

from harness.cli import main

main()
