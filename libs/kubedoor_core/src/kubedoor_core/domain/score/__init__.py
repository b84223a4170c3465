"""How well a service asks for what it uses: 0 to 100, by rules alone, each deduction with its remedy."""

from kubedoor_core.domain.score.day import ScoredContainer, ScoredDay
from kubedoor_core.domain.score.deductions import Deduction, Part, Remedy, Rule
from kubedoor_core.domain.score.policy import ScorePolicy
from kubedoor_core.domain.score.score import NOTHING_KNOWN, Grade, Score, grade_of, score_of, together

__all__ = [
    "NOTHING_KNOWN",
    "Deduction",
    "Grade",
    "Part",
    "Remedy",
    "Rule",
    "Score",
    "ScorePolicy",
    "ScoredContainer",
    "ScoredDay",
    "grade_of",
    "score_of",
    "together",
]
