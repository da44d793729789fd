"""Answers with one thing changed, and what a client makes of them: works, raises, or goes silently wrong."""

from harness.mutants.answers import SPOILED, Mutant, mutants
from harness.mutants.trials import Answering, Outcome, Trial, try_answers

__all__ = ["SPOILED", "Answering", "Mutant", "Outcome", "Trial", "mutants", "try_answers"]
