"""Answers and websockets with one thing changed, and what a client makes of them.

It works, passes on what came, raises, or goes silently wrong. `docs/answer-mutants.md` shows the use.
"""

from harness.mutants.answers import SPOILED, Mutant, mutants
from harness.mutants.frames import FrameMutant, frame_mutants
from harness.mutants.listening import FrameTrial, Listening, try_frames
from harness.mutants.recorded import Conversation, answers_in, conversations_in
from harness.mutants.sdk import try_sdk, try_sdk_feed
from harness.mutants.trials import Answering, Outcome, Trial, try_answers

__all__ = [
    "SPOILED",
    "Answering",
    "Conversation",
    "FrameMutant",
    "FrameTrial",
    "Listening",
    "Mutant",
    "Outcome",
    "Trial",
    "answers_in",
    "conversations_in",
    "frame_mutants",
    "mutants",
    "try_answers",
    "try_frames",
    "try_sdk",
    "try_sdk_feed",
]
