"""The endpoint of previews."""

from kubedoor_api.access.roles import Role
from kubedoor_api.admission.preview import service
from kubedoor_api.admission.preview.models import Preview, PreviewResult
from kubedoor_api.web.endpoint import Call, endpoint
from kubedoor_api.web.fields import EnvPath, Nothing


@endpoint("POST", "/envs/{env}/preview", tag="admission", role=Role.VIEWER, conflicts=True, by_target=True)
async def preview_admission(call: Call[EnvPath, Nothing, Preview]) -> PreviewResult:
    """Preview what admission would make of a Deployment.

    Of a manifest (YAML or JSON), or of a live one as if it were rolled out now: the patch, the
    warnings, and the manifest as it would be admitted. Nothing is changed or sent to the cluster.
    """
    return await service.preview(call)
