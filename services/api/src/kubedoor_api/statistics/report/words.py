"""The words of a report, in each language that it is written in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Language = Literal["en", "zh-CN"]

WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "title": "What {env} asks for, and what it uses",
        "of": "Peak of {day}; {services} services, {pods} pods.",
        "scope": "Only of the namespaces {namespaces}.",
        "cpu": "CPU",
        "mem": "Memory",
        "asked": "Asked for",
        "used": "Used at the peak",
        "waste": "Not used",
        "shortage": "Missing",
        "week": "Against a week before",
        "nothing": "Nothing has been collected yet.",
        "no_week": "The day a week before was not collected.",
        "money": "The requests cost {requested} {currency} a month; {waste} of it are not used.",
        "no_money": "What that costs is not known: no price is set in the settings.",
        "score": "Score: {score} of 100.",
        "no_score": "The score is not known yet.",
        "unregistered": "{n} services that ran are not registered: admission refuses them in enforce.",
        "missing": "Not collected in this week: {days}.",
        "wasteful": "Services with the most CPU that is asked for and not used",
        "namespaces": "Namespaces with the most CPU that is asked for and not used",
        "service": "Service",
        "namespace": "Namespace",
        "pods": "Pods",
        "cpu_waste": "CPU not used",
        "mem_waste": "Memory not used",
        "cores": "{n} cores",
        "note": "Used: 95th percentile over the peak window of the mean over a service's pods, times pods.",
    },
    "zh-CN": {
        "title": "{env} 的请求量与实际用量",
        "of": "{day} 的高峰；{services} 个服务，{pods} 个 Pod。",
        "scope": "仅限命名空间 {namespaces}。",
        "cpu": "CPU",
        "mem": "内存",
        "asked": "请求",
        "used": "高峰用量",
        "waste": "未使用",
        "shortage": "不足",
        "week": "与一周前相比",
        "nothing": "尚未采集任何数据。",
        "no_week": "一周前的那天没有采集。",
        "money": "这些请求每月花费 {requested} {currency}，其中 {waste} 未使用。",
        "no_money": "花费未知：设置中没有价格。",
        "score": "评分：{score}（满分 100）。",
        "no_score": "评分尚未可知。",
        "unregistered": "{n} 个运行过的服务未登记：强制模式下准入会拒绝它们。",
        "missing": "本周未采集：{days}。",
        "wasteful": "请求而未使用的 CPU 最多的服务",
        "namespaces": "请求而未使用的 CPU 最多的命名空间",
        "service": "服务",
        "namespace": "命名空间",
        "pods": "Pod",
        "cpu_waste": "未使用的 CPU",
        "mem_waste": "未使用的内存",
        "cores": "{n} 核",
        "note": "用量：各服务 Pod 平均值在高峰窗口内的第 95 百分位，乘以 Pod 数。",
    },
}
