"""The pytest plugin: `pytest_plugins = ["harness.plugin"]` in the root conftest makes flags and fixtures known."""

pytest_plugins = [
    "harness.plugin.options",
    "harness.plugin.fixtures",
    "harness.plugin.episodes",
    "harness.plugin.terminal",
]
