"""The secret in the webhook's address: the api tells it the API server, and the webhook checks it."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from kubedoor_core.settings import Regex, ServiceSettings

MUTATE_PATH = "/mutate"


def _fits_a_path(value: SecretStr) -> SecretStr:
    for secret in secrets_of(value):
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]{14,251}[a-z0-9]", secret):
            raise ValueError(
                "each secret has 16 to 253 characters of a-z, 0-9 and, within, -:"
                " the API server takes no other path"
            )
    return value


MutateSecret = Annotated[SecretStr, AfterValidator(_fits_a_path)]


class MutateSettings(ServiceSettings):
    """What the api and the webhook must agree on."""

    mutate_secret: MutateSecret = Field(
        SecretStr(""),
        description="The webhook answers at `/mutate/SECRET` alone, and the api puts that address into the"
        " webhook configuration: 16 characters or more of a-z, 0-9 and, within, -; several, separated by"
        " commas, for rotation: the first is the configuration's, all are answered; empty: `/mutate`",
    )

    allow_scale_to_zero: Regex = Field(
        "",
        description="Regular expression (RE2) of the services, as `namespace/name`, that KEDA or a"
        " down-scaler may scale to zero and back; empty: none",
    )

    @property
    def mutate_secrets(self) -> tuple[str, ...]:
        """The secrets, the current one first; none: the address has none."""
        return secrets_of(self.mutate_secret)


def secrets_of(value: SecretStr) -> tuple[str, ...]:
    """Split secrets that are separated by commas."""
    text = value.get_secret_value().strip()
    return tuple(secret.strip() for secret in text.split(",")) if text else ()


def mutate_path(secrets: tuple[str, ...]) -> str:
    """Return the path at which the API server asks."""
    return f"{MUTATE_PATH}/{secrets[0]}" if secrets else MUTATE_PATH
