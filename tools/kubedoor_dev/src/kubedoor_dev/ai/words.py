"""What the script says of a question, in either language: made of its own figures, never wrong."""

from __future__ import annotations

from kubedoor_dev.ai.protocol import Json

ENGLISH = {
    "headline": "{rule} costs most: {points} points.",
    "deduction": "{rule}: measured {value}, points go from {threshold}; it takes {points} points.",
    "fact": "{name} is {value}.",
    "agree": "{advised} pods are within what was measured.",
    "unknown": "A few more days would tell more.",
    "nothing": "Nothing stands out.",
}
CHINESE = {
    "headline": "扣分最多的是 {rule}：{points} 分。",
    "deduction": "{rule}：实测 {value}，从 {threshold} 起扣分；共扣 {points} 分。",
    "fact": "{name} 为 {value}。",
    "agree": "{advised} 个 Pod 在实测范围之内。",
    "unknown": "再多几天数据会更清楚。",
    "nothing": "没有突出的问题。",
}
MOST = 4


def good(message: Json) -> Json:
    """Return an answer to a question, as its task's schema asks for it."""
    words = CHINESE if message["language"] == "zh-CN" else ENGLISH
    if message["task"] == "review_advice":
        return _review(message, words)
    facts = message.get("deductions") or message.get("evidence") or message.get("facts") or []
    causes = [
        {
            "text": words["deduction" if "rule" in one else "fact"].format_map(_Loose(one)),
            "facts": [one["id"]],
            "likelihood": "high" if place == 0 else "medium",
        }
        for place, one in enumerate(facts[:MOST])
    ]
    first = facts[0] if facts else {}
    headline = words["headline" if "rule" in first else "nothing"].format_map(_Loose(first))
    answer: Json = {"headline": headline, "causes": causes, "unknown": [words["unknown"]]}
    if message["task"] == "narrate_finding":
        answer["checks"] = ["logs", "node"]
    return answer


def _review(message: Json, words: dict[str, str]) -> Json:
    cited = [one["id"] for one in message["facts"][:MOST]]
    return {
        "agree": True,
        "replicas": None,
        "risk": "low",
        "reasons": [{"text": words["agree"].format_map(_Loose(message["bounds"])), "facts": cited}],
        "watch": ["cpu", "latency"],
    }


class _Loose(dict[str, object]):
    """Says `?` for what is not known, and words for `snake_case`."""

    def __init__(self, facts: Json) -> None:
        read = {name: one.replace("_", " ") if isinstance(one, str) else one for name, one in facts.items()}
        super().__init__(read)

    def __missing__(self, key: str) -> str:
        return "?"
