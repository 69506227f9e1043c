"""An agent's evening on a real service; it keeps whatever must not be found in a log."""

import asyncio
import re
from typing import Any
from uuid import UUID

import httpx
from tortoise.connection import get_connection

from community import memberships
from community.buckets import BUCKET
from community.groups import Group, GroupKind
from community.posts import Post
from core import clock
from core.people import Grants, Person
from tests.cli.service import PATIENCE, Service
from tests.core.makers import PASSWORD, an_account
from tests.gateway import Gateway
from tests.makers import a_crowd, a_group, a_key, a_member, a_picture, a_token, node
from tests.phones import beginning, calling

ME = {"name": "Canary Li", "number": "E90017", "phone": "+8613812345678"}
ADDRESS = "203.0.113.77"
WRONG, STALE = "a canary", "a-canary-token"

COMMON = {"graphql", "uploads"}
"""parts of paths that say nothing"""


class Evening:
    def __init__(self, service: Service, gateway: Gateway) -> None:
        self.service = service
        self.gateway = gateway
        self.secrets: set[str] = {ADDRESS, PASSWORD, *ME.values(), ME["phone"].removeprefix("+86")}

    async def spend(self) -> None:
        me = await an_account(**ME)
        vent, questions = await a_group(kind=GroupKind.SUPPORT), await a_group()
        for group in (vent, questions):
            await memberships.join(group.id, by=me)
        await a_crowd(vent)
        token = await self.come_in()
        unseen = await self.write(token, vent, anonymous=True)
        await self.be_cared_for(token, vent, unseen["id"])
        await self.talk(token, questions, await a_member(questions))
        await self.follow(me, token, questions)

    async def come_in(self) -> str:
        await self.send("SignIn", number=ME["number"], password=WRONG, device="canary one")
        await self.send("SignIn", number=ME["number"], password=PASSWORD, device="canary one")
        await self.send("RequestCode", phone=ME["phone"])
        code = await self.code()
        entered = await self.send(
            "SignInWithCode", phone=ME["phone"], code=code, device="canary two"
        )
        return entered["token"]

    async def code(self) -> str:
        async with asyncio.timeout(PATIENCE):
            while not self.gateway.bodies:  # noqa: ASYNC110  # another process sends it
                await asyncio.sleep(0.01)
        return re.findall(r"\d{6}", self.gateway.bodies[0]["text"])[0]

    async def talk(self, token: str, group: Group, colleague: Person) -> None:
        theirs = await a_token(colleague)
        post = await self.write(token, group, isQuestion=True, photos=[await self.photo(token)])
        done = await self.send(
            "AddComment", theirs, post=post["id"], text="a canary sings", key=a_key()
        )
        await self.send("React", token, subject=done["comment"]["id"], kind="HUG")
        await self.send("ThankComment", token, comment=done["comment"]["id"])
        await self.send("Feed", theirs, group=node("group", group))
        await self.fetch("GET", post["photos"][0]["url"])

    async def be_cared_for(self, token: str, group: Group, unseen: str) -> None:
        """A counsellor writes without knowing to whom, and two of them find out."""
        appeared = clock.now() - 3 * BUCKET
        await Post.filter(id=UUID(unseen.removeprefix("post_"))).update(published_at=appeared)
        first, second = [
            await a_token(await a_member(group, grants=Grants.COUNSELLOR)) for _ in range(2)
        ]
        line = (await self.send("OpenCareLine", first, subject=unseen))["careLine"]["id"]
        for author, text in ((first, "canary, are you well"), (token, "no canary is")):
            await self.send("WriteToCareLine", author, line=line, text=text, key=a_key())
        asked = await self.send(
            "AskToBreakGlass", first, subject=unseen, reason="a canary fell silent", key=a_key()
        )
        request = asked["breakGlassRequest"]["id"]
        await self.send(
            "DecideBreakGlass", second, request=request, agreed=True, note="find the canary"
        )
        opened = await self.send("OpenSeal", first, request=request)
        assert opened["person"]["name"] == ME["name"]

    async def write(self, token: str, group: Group, **draft: Any) -> Any:
        draft |= {"text": f"canary {a_key()}"}
        done = await self.send(
            "CreatePost", token, group=node("group", group), draft=draft, key=a_key()
        )
        return done["post"]

    async def photo(self, token: str) -> str:
        done = await self.send("RequestUpload", token, purpose="PHOTO", key=a_key())
        assert (
            await self.fetch("PUT", done["upload"]["url"], content=a_picture())
        ).status_code == 204
        await self.send("FinishUpload", token, upload=done["upload"]["id"])
        return done["upload"]["id"]

    async def follow(self, me: Person, token: str, group: Group) -> None:
        async with calling(self.service.address, me, token) as phone:
            await phone.follow(group, after=beginning(group))
            self.keep(await phone.news())
            await phone.ask("query Canary { canary }")
            await phone.hear()

    async def go_wrong(self) -> None:
        """What clients and networks get wrong."""
        await self.fetch("GET", "/canary/a-path?canary=a-query")
        await self.fetch("GET", "/media/canary.webp?expires=1&signature=a-signature")
        await self.fetch("GET", "/graphql?query=%7Bcanary%7D", token=STALE)
        await self.fetch("POST", "/graphql", json={"query": 'query Canary { canary(text: "c") }'})
        await self.fetch("POST", "/graphql", content=b'{"query": "canary')

    async def break_down(self) -> None:
        """What we get wrong: of a damaged row, the error quotes the damage."""
        token = await a_token(await an_account())
        done = await self.send("RequestUpload", token, purpose="PHOTO", key=a_key())
        await get_connection("default").execute_script("UPDATE upload SET purpose = 'a canary'")
        broken = await self.fetch("PUT", done["upload"]["url"], content=a_picture())
        assert broken.status_code == 500
        query = f'mutation {{ finishUpload(uploadId: "{done["upload"]["id"]}") {{ __typename }} }}'
        masked = await self.fetch("POST", "/graphql", token=token, json={"query": query})
        assert masked.json()["errors"][0]["extensions"]["code"] == "INTERNAL"

    async def send(self, name: str, token: str = "", **variables: Any) -> Any:
        answer = await self.service.send(name, by=token, **variables)
        self.keep(variables, answer, token)
        return answer

    async def fetch(
        self, method: str, path: str, *, token: str = "", **options: Any
    ) -> httpx.Response:
        self.keep([part for part in re.split(r"[/?&=]", path) if part not in COMMON], token)
        headers = {"x-forwarded-for": ADDRESS}
        headers |= {"authorization": f"Bearer {token}"} if token else {}
        async with self.service.client(headers=headers) as http:
            return await http.request(method, path, **options)

    def keep(self, *values: Any) -> None:
        for value in values:
            self.secrets |= words(value)


def words(value: Any) -> set[str]:
    """Every string in a value, ids without their tag; shorter ones stand in too much by chance."""
    if isinstance(value, dict):
        return set().union(*map(words, value.values()))
    if isinstance(value, list):
        return set().union(*map(words, value))
    return {re.sub("^[a-z]+_", "", value)} if isinstance(value, str) and len(value) > 6 else set()
