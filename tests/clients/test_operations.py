import pytest
from tortoise.transactions import in_transaction

from tests.clients import node
from tests.core.makers import chosen
from tests.counselling import COUNSELLING
from tests.lives import a_life
from tests.makers import a_token, operation
from tests.receivers import PUSH
from tests.servers import serving
from tests.test_operations import ANONYMOUS, READS, WRITES

pytestmark = [
    pytest.mark.committed,
    pytest.mark.usefixtures("clients"),
    pytest.mark.only("sqlite"),  # urql sees no difference; each of these is asked on both elsewhere
]


async def test_every_operation_of_a_phone_works_from_urql():
    asked = [
        await as_a_phone_sends(name, variables)
        for table in (READS, WRITES, COUNSELLING, ANONYMOUS)
        for name, (variables, _statements) in table.items()
    ]
    with chosen(**PUSH):
        async with serving() as address:
            told = await node.run("urql.js", f"http://{address}/graphql", given=asked)
    for sent, [result] in zip(asked, told, strict=True):
        assert result.keys() == {"data"}, (sent["name"], result)
        [shown] = result["data"].values()
        assert shown is not None, sent["name"]
        assert "code" not in shown, (sent["name"], result)


async def as_a_phone_sends(name, variables):
    async with in_transaction():  # to commit each step takes as long as the steps do
        ann, sent = await (await a_life()).asks(variables)
        token = await a_token(ann)
    return {"document": operation(name)[0], "name": name, "variables": sent, "token": token}
