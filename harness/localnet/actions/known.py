"""Action types that the real exchange knows and localnet does not serve.

Source: API docs, "HIP-4 deployer actions"; id 66723362000 of the text index, a client that sends it; SDK,
examples of `validatorL1Vote`, which shows in `validatorL1Votes` what control tells here.
"""

from typing import Final

KNOWN: Final = frozenset({"outcomeDeploy", "validatorL1Vote"})
