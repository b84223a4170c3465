"""The chart's README in Chinese says of each value what the English one does."""

from __future__ import annotations

import pytest
import yaml

from kubedoor_dev.chart import Value, values
from kubedoor_dev.chart_readme import TRANSLATION, translated

LISTED = [Value("a", 1, "One."), Value("b", 2, "Two."), Value("c", 3, "One.")]


def test_what_is_said_of_each_value_is_translated() -> None:
    assert translated(LISTED, {"One.": "一。", "Two.": "二。"}) == ["一。", "二。", "一。"]


def test_a_sentence_that_was_changed_is_named_with_the_translation_that_it_had() -> None:
    with pytest.raises(SystemExit) as stopped:
        translated(LISTED, {"One.": "一。", "Zwei.": "二。"})
    assert "not translated: Two." in str(stopped.value)
    assert "said of no value any more: Zwei." in str(stopped.value)


def test_every_value_of_the_chart_is_translated() -> None:
    words = yaml.safe_load(TRANSLATION.read_text(encoding="utf-8"))
    assert all(translated(values(), words))
