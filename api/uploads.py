"""Uploads: `requestUpload`, PUT the bytes to its `url`, `finishUpload`."""

from uuid import UUID

import strawberry

from api.roots import mutation, payload
from api.views import Node, view
from core.media import uploads
from core.media.uploads import Purpose
from core.people import Person

strawberry.enum(Purpose, name="UploadPurpose")


@view(uploads.Upload)
class Upload(Node):
    purpose: Purpose
    url: str
    width: int | None
    height: int | None


@mutation(payload("UploadRequested", Upload))
async def request_upload(viewer: Person, purpose: Purpose, idempotency_key: str) -> uploads.Upload:
    """Reserve a place for a picture; its bytes are PUT to `url` within half an hour."""
    return await uploads.request(purpose, by=viewer, key=idempotency_key)


@mutation(payload("UploadFinished", Upload))
async def finish_upload(viewer: Person, upload_id: UUID) -> uploads.Upload:
    """Whether the picture has arrived; its id then goes into a post or becomes the avatar."""
    return await uploads.finish(upload_id, by=viewer)
