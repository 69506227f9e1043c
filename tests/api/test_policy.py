import pytest
import strawberry

from api import policy
from api.policy import PolicyIncomplete
from api.who import ANYONE, SELF
from core.people import Grants
from tests.makers import a_person, ask, graphql, node

PRIVATE = "query ($id: ID!) { person(id: $id) { name number phone } }"


@pytest.mark.parametrize(
    ("grants", "sees"),
    [
        (Grants.NONE, False),
        (Grants.MODERATOR, False),
        (Grants.COUNSELLOR, False),
        (Grants.SUPERVISOR, False),
        (Grants.ADMIN, False),
        (Grants.HR, True),
    ],
)
async def test_only_oneself_and_hr_read_number_and_phone(grants, sees):
    ann = await a_person(name="Ann", number="A1", phone="+8613800000001")
    whole = {"name": "Ann", "number": "A1", "phone": "+8613800000001"}
    withheld = {"name": "Ann", "number": None, "phone": None}

    reader = await a_person(grants=grants)

    data = await graphql(PRIVATE, by=reader, id=node("person", ann))
    assert data["person"] == (whole if sees else withheld)
    own = await graphql(PRIVATE, by=ann, id=node("person", ann))
    assert own["person"] == whole


def test_what_anybody_may_use_is_what_brings_one_in():
    anybody = {
        (type_, field)
        for (type_, field), who in policy.TABLE.items()
        if type_ in policy.ROOTS and who is ANYONE
    }
    signing_in = ["activate", "requestCode", "resetPassword", "signIn", "signInWithCode"]
    assert anybody == {
        ("Query", "privacyNotice"),
        ("Query", "viewer"),
        *(("Mutation", field) for field in signing_in),
    }


async def test_who_is_not_signed_in_is_nobody():
    assert await ask("{ viewer { grants } }") == {"data": {"viewer": None}}


async def test_a_mutation_tells_nobody_by_its_own_refusal():
    document = """
        mutation ($id: ID!) { joinGroup(groupId: $id) { ... on Refusal { code kind } } }
    """
    answer = await ask(document, id="group_" + "0" * 32)
    assert answer["data"]["joinGroup"] == {"code": "SIGN_IN_FIRST", "kind": "UNAUTHENTICATED"}


def test_a_field_that_is_not_listed_fails_the_build():
    @strawberry.type
    class Query:
        @strawberry.field
        def secrets(self) -> str:
            return "told"

    with pytest.raises(PolicyIncomplete, match=r"\('Query', 'secrets'\)"):
        policy.enforce(strawberry.Schema(Query))


def test_a_root_that_is_not_listed_is_not_even_declared():
    with pytest.raises(PolicyIncomplete, match=r"Query\.secrets is not in the policy table"):
        policy.who("Query", "secrets")


def test_what_may_be_withheld_must_be_able_to_be_null(monkeypatch):
    @strawberry.type
    class Query:
        viewer: str = "Ann"

    monkeypatch.setattr(policy, "TABLE", {("Query", "viewer"): ANYONE})
    policy.enforce(strawberry.Schema(Query))  # a root is admitted, not withheld

    @strawberry.type
    class Diary:
        line: str = "dear diary"

    @strawberry.type(name="Query")
    class Reader:
        @strawberry.field
        def viewer(self) -> Diary:
            return Diary()

    table = {("Query", "viewer"): ANYONE, ("Diary", "line"): SELF}
    monkeypatch.setattr(policy, "TABLE", table)
    with pytest.raises(PolicyIncomplete, match="must be able to be null"):
        policy.enforce(strawberry.Schema(Reader))
