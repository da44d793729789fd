"""The pytest plugin: `pytest_plugins = ["harness.plugin"]` in the root conftest brings flags and fixtures."""

pytest_plugins = [
    "harness.plugin.options",
    "harness.plugin.fixtures",
    "harness.plugin.keeping",
    "harness.plugin.episodes",
    "harness.plugin.runs",
    "harness.plugin.drifting",
    "harness.plugin.outliving",
    "harness.plugin.terminal",
    "harness.plugin.secrecy",
]
