"""Settings of the model that explains: all of them from the environment, none from a request."""

from __future__ import annotations

import json
import re
from typing import Any, Literal

from pydantic import Field, SecretStr, field_validator, model_validator

from kubedoor_core.settings import HttpUrl, ServiceSettings

OWN_FIELDS = frozenset(
    {
        "model",
        "messages",
        "response_format",
        "stream",
        "tools",
        "tool_choice",
        "functions",
        "function_call",
        "n",
    }
)
"""Of the body, what AI_EXTRA may not set: it would make another question of it, or give the model tools."""
Output = Literal["auto", "json_schema", "json_object", "prompt"]


class AiSettings(ServiceSettings):
    """Where the model is, and how much of it is used."""

    ai_url: HttpUrl | None = Field(
        None,
        description="OpenAI-compatible address that `/chat/completions` follows, such as"
        " http://vllm.models:8000/v1; empty: no model is asked",
    )
    ai_model: str = Field("", max_length=200, description="Name of the model, as its server knows it")
    ai_key: SecretStr = Field(SecretStr(""), description="Its key, sent as a bearer token; empty: none")
    ai_ca_file: str = Field("", description="Certificates that sign the model's server's; else the system's")
    ai_timeout_s: float = Field(30, gt=0, le=600, description="Seconds that one answer may take")
    ai_max_input_chars: int = Field(
        24_000,
        ge=2000,
        le=1_000_000,
        description="Most characters of a question; what has no room is left out",
    )
    ai_max_output_tokens: int = Field(900, ge=100, le=100_000, description="Most tokens of an answer")
    ai_daily_tokens: int = Field(
        500_000, ge=0, description="Most tokens that all instances together use in a day (UTC)"
    )
    ai_concurrency: int = Field(2, ge=1, le=64, description="Questions that an instance asks at once")
    ai_output: Output = Field(
        "auto",
        description="How the model is held to JSON: `json_schema`, `json_object`, `prompt`, or `auto`, which"
        " takes the first of them that its server accepts",
    )
    ai_extra: str = Field(
        "",
        description="JSON object merged into the body, for servers with switches of their own; null removes a"
        ' member, as in `{"max_tokens":null,"max_completion_tokens":900}`',
    )
    ai_enabled: Literal["on", "off"] = Field(
        "on", description="Whether the model may be asked, until something else is stored: `on` or `off`"
    )
    ai_share: Literal["numbers", "names", "names_and_logs"] = Field(
        "numbers",
        description="What the model is sent, until something else is stored: `numbers` (names become svc-01),"
        " `names`, or `names_and_logs`",
    )

    @field_validator("ai_url", mode="before")
    @classmethod
    def _ai_url_is_bare(cls, value: object) -> object:
        if value == "":
            return None
        if isinstance(value, str) and re.search(r"[@?#]", value):
            raise ValueError("takes no user, query or fragment: the key goes into KUBEDOOR_AI_KEY")
        return value

    @field_validator("ai_key")
    @classmethod
    def _ai_key_fits_a_header(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch(r"[\x21-\x7e]*", value.get_secret_value()):
            raise ValueError("can't stand in a header: it has blanks, line breaks or other characters")
        return value

    @field_validator("ai_extra")
    @classmethod
    def _ai_extra_is_an_object(cls, value: str) -> str:
        try:
            found = json.loads(value or "{}")
        except (ValueError, RecursionError) as error:
            raise ValueError(f"is no JSON: {error}") from error
        if not isinstance(found, dict):
            raise ValueError("must be a JSON object")  # noqa: TRY004 pydantic takes ValueError
        if own := sorted(OWN_FIELDS & found.keys()):
            raise ValueError(f"may not set {', '.join(own)}")
        return value

    @model_validator(mode="after")
    def _ai_has_a_model(self) -> AiSettings:
        if self.ai_url and not self.ai_model:
            raise ValueError("KUBEDOOR_AI_MODEL is not set, and KUBEDOOR_AI_URL is")
        return self

    @property
    def ai_body(self) -> dict[str, Any]:
        """What is merged into the body."""
        merged: dict[str, Any] = json.loads(self.ai_extra or "{}")
        return merged
