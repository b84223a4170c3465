"""The endpoint of previews."""

from kubedoor_api.auth.roles import Role
from kubedoor_api.http.fields import EnvPath, Nothing
from kubedoor_api.http.operation import Call, Operation, operation
from kubedoor_api.preview import service
from kubedoor_api.preview.models import Preview, PreviewResult


async def preview_admission(call: Call[EnvPath, Nothing, Preview]) -> PreviewResult:
    """Preview what admission would make of a Deployment.

    Of a manifest (YAML or JSON), or of a live one as if it were rolled out now: the patch, the
    warnings, and the manifest as it would be admitted. Nothing is changed or sent to the cluster.
    """
    return await service.preview(call)


OPERATIONS: tuple[Operation, ...] = (
    operation(
        "POST",
        "/envs/{env}/preview",
        preview_admission,
        tag="admission",
        role=Role.VIEWER,
        conflicts=True,
        by_target=True,
    ),
)
