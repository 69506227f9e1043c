import pytest

from community import groups
from community.groups import Group, GroupKind, JoinPolicy
from core.audit import AuditEntry
from core.people import Grants
from tests.makers import a_group, a_key, a_member, a_person, ask, graphql, node, send

FOUND = """
    mutation ($plan: GroupPlan!, $key: String!) {
      foundGroup(plan: $plan, idempotencyKey: $key) {
        ... on GroupFounded { group { id name kind viewerStanding } }
        ... on Refusal { code kind message }
      }
    }
"""


async def test_a_moderator_opens_a_group_once_however_often_the_request_arrives():
    mod, key = await a_person(grants=Grants.MODERATOR), a_key()
    plan = {"name": "Night owls", "kind": "SOCIAL"}

    first = await graphql(FOUND, by=mod, plan=plan, key=key)
    again = await graphql(FOUND, by=mod, plan=plan, key=key)
    other = await graphql(FOUND, by=mod, plan=plan | {"name": "Larks"}, key=key)

    assert first == again
    assert first["foundGroup"]["group"]["name"] == "Night owls"
    assert other["foundGroup"]["code"] == "KEY_REUSED"
    group, entry = await Group.get(), await AuditEntry.get()
    assert (entry.name, entry.by_id) == ("group.founded", mod.id)
    assert entry.facts == {"group": str(group.id), "kind": "SOCIAL"}


@pytest.mark.parametrize(("name", "code"), [("  ", "NOTHING_WRITTEN"), ("x" * 61, "TOO_LONG")])
async def test_a_group_needs_a_name_of_reasonable_length(name, code):
    mod = await a_person(grants=Grants.ADMIN)
    plan = {"name": name, "kind": "SOCIAL"}

    data = await graphql(FOUND, by=mod, plan=plan, key=a_key())

    assert data["foundGroup"]["code"] == code
    assert not await Group.exists()
    assert not await AuditEntry.exists()


async def test_others_do_not_open_groups():
    plan = {"name": "Mine", "kind": "SOCIAL"}
    data = await graphql(FOUND, by=await a_person(), plan=plan, key=a_key())
    assert data["foundGroup"]["code"] == "FOUNDERS_ONLY"


async def test_the_list_pages_through_what_there_is_for_the_viewer():
    ann = await a_person()
    for n in range(3):
        await a_group(name=f"Group {n}")
    await a_group(name="Secret", join_policy=JoinPolicy.INVITATION)

    seen, after = [], None
    while True:
        page = await send("Groups", by=ann, first=2, after=after)
        seen += [edge["node"]["name"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break

    assert seen == ["Group 0", "Group 1", "Group 2"]


@pytest.mark.parametrize(
    ("grants", "excluding"),
    [(Grants.HR, "excludes_hr"), (Grants.SUPERVISOR, "excludes_supervisors")],
)
async def test_a_group_is_not_there_for_whom_it_excludes(grants, excluding):
    group = await a_group(kind=GroupKind.SUPPORT, **{excluding: True})
    outsider, ann = await a_person(grants=grants), await a_person()

    refused = await send("JoinGroup", by=outsider, group=node("group", group))
    listed = await send("Groups", by=outsider)
    found = await graphql(
        "query ($id: ID!) { group(id: $id) { id } node(id: $id) { id } }",
        by=outsider,
        id=node("group", group),
    )

    assert refused["code"] == "GROUP_NOT_FOUND"
    assert listed["edges"] == []
    assert found == {"group": None, "node": None}
    assert len((await send("Groups", by=ann))["edges"]) == 1


async def test_who_is_given_such_a_grant_later_is_out_at_once():
    group = await a_group(kind=GroupKind.SUPPORT, excludes_hr=True)
    ann = await a_member(group)
    ann.grants = Grants.HR
    await ann.save()

    refused = await ask(
        "query ($id: ID!) { feed(groupId: $id) { edges { cursor } } }",
        by=ann,
        id=node("group", group),
    )

    assert refused["errors"][0]["extensions"]["code"] == "GROUP_NOT_FOUND"


async def test_a_support_group_tells_its_size_only_in_tens():
    support, social = await a_group(kind=GroupKind.SUPPORT), await a_group(kind=GroupKind.SOCIAL)
    for group in (support, social):
        for _ in range(11):
            await a_member(group)
        await group.refresh_from_db()

    told = await groups.audiences([support, social])

    assert [(one.members, one.exact) for one in told] == [(10, False), (11, True)]


async def test_nobody_is_asked_to_sign_in():
    answer = await ask("{ groups { edges { cursor } } }", language="zh-CN")
    assert answer["data"] is None
    [error] = answer["errors"]
    assert error["message"] == "请先登录。"
    assert error["extensions"]["code"] == "SIGN_IN_FIRST"
    assert error["extensions"]["kind"] == "UNAUTHENTICATED"
