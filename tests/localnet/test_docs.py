"""docs/localnet.md says what the registries say."""

from pathlib import Path

from harness.localnet.coverage import coverage_table


def test_the_coverage_table_of_the_docs_is_that_of_the_code() -> None:
    text = (Path(__file__).parents[2] / "docs" / "localnet.md").read_text()

    assert coverage_table().strip() in text
