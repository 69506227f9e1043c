"""Images and their links."""

import strawberry

from api.views import ROW, Node, batch, view
from core.media import images
from core.media.images import ImageSize

strawberry.enum(ImageSize)


@view(images.Image)
class Image(Node):
    width: int
    height: int
    url: str = batch(images.urls, key=ROW)
