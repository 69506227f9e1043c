"""What belongs to one request: who is asking, in which language, and what it has loaded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import strawberry
from starlette.requests import HTTPConnection
from strawberry.dataloader import DataLoader

from api.errors import Stranger
from core.ahead import Ahead
from core.identity import sessions
from core.identity.sessions import Session
from core.people import Person
from core.text import Language

if TYPE_CHECKING:
    from api.views import Batch


@dataclass(slots=True)
class Context:
    language: Language
    request_id: str
    address: str = ""
    viewer: Person | None = None
    session: Session | None = None
    ahead: Ahead = field(default_factory=Ahead)
    loaders: dict[Any, DataLoader[Any, Any]] = field(default_factory=dict)

    def load(self, batch: "Batch", key: Any, given: Mapping[str, Any]) -> Any:
        """Load `key` together with every other key that this request asks of the batch."""
        which = (batch, *given.items())
        if which not in self.loaders:
            self.loaders[which] = DataLoader(batch.bound(self, given), cache=False)
        return self.loaders[which].load(key)


Info = strawberry.Info[Context, None]


async def of(connection: HTTPConnection) -> Context:
    """The context of a request; who sends no token, or an old one, is nobody."""
    stranger = Stranger.of(connection)
    context = Context(stranger.language, stranger.request_id, _address(connection))
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and (known := await sessions.by_token(token)):
        context.session, context.viewer = known
    return context


def _address(connection: HTTPConnection) -> str:
    return connection.client.host if connection.client else ""
