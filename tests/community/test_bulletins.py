import asyncio

import pytest

from community import bulletins, posts
from community.bulletins import Acknowledgement, Bulletin
from community.groups import GroupKind
from core.people import Grants
from tests.makers import a_group, a_member, a_person, a_post, node, send


async def a_moderator(group):
    return await a_member(group, grants=Grants.MODERATOR)


async def pinned(group, by=None):
    by = by or await a_moderator(group)
    return await bulletins.pin((await a_post(group, by=by)).id, by=by)


async def acknowledge(bulletin, by, version=1):
    asked = {"bulletin": node("bulletin", bulletin), "version": version}
    return await send("AcknowledgeBulletin", by=by, **asked)


async def seen(reader, **asked):
    found = await send("Bulletins", by=reader, **asked)
    return [edge["node"] for edge in found["edges"]]


@pytest.mark.parametrize("grants", [Grants.MODERATOR, Grants.SUPERVISOR])
async def test_moderators_and_leads_pin_what_is_new(grants):
    group = await a_group()
    lead, post = await a_member(group, grants=grants), await a_post(group)
    asked = {"post": node("post", post), "from": "2026-12-01"}
    for _ in range(2):
        data = await send("PinPost", by=lead, **asked)

    assert (data["bulletin"]["version"], data["bulletin"]["validFrom"]) == (1, "2026-12-01")
    [shown] = await seen(await a_member(group))
    assert shown["post"]["id"] == node("post", post)
    assert shown["viewerHasAcknowledged"] is False
    assert await Bulletin.all().count() == 1


async def test_others_pin_and_unpin_nothing():
    group = await a_group()
    ann, bulletin = await a_member(group), await pinned(group)
    post = await a_post(group)
    assert (await send("PinPost", by=ann, post=node("post", post)))["code"] == "NOT_YOURS"
    asked = {"bulletin": node("bulletin", bulletin)}
    assert (await send("UnpinPost", by=ann, **asked))["code"] == "NOT_YOURS"
    assert await Bulletin.all().count() == 1


async def test_who_has_read_a_version_takes_note_of_it_once():
    group = await a_group()
    ann, bulletin = await a_member(group), await pinned(group)
    for _ in range(2):
        data = await acknowledge(bulletin, ann)
    assert data["bulletin"]["viewerHasAcknowledged"] is True
    assert await Acknowledgement.all().count() == 1


async def test_an_edit_is_a_new_version_that_nobody_has_taken_note_of():
    group = await a_group()
    moderator, ann = await a_moderator(group), await a_member(group)
    bulletin = await pinned(group, by=moderator)
    await acknowledge(bulletin, ann)

    await posts.edit(bulletin.post_id, "Another price", by=moderator)

    [shown] = await seen(ann)
    assert (shown["version"], shown["viewerHasAcknowledged"]) == (2, False)
    for version in (1, 3):
        assert (await acknowledge(bulletin, ann, version))["code"] == "ANOTHER_VERSION"
    assert (await acknowledge(bulletin, ann, 2))["bulletin"]["viewerHasAcknowledged"] is True


async def test_whoever_pinned_it_alone_sees_how_many_wait():
    group = await a_group()
    moderator, ann, ben = await a_moderator(group), await a_member(group), await a_member(group)
    also = await a_moderator(group)
    bulletin = await pinned(group, by=moderator)
    assert [shown["waitingCount"] for shown in await seen(moderator)] == [3]

    await acknowledge(bulletin, ann)

    assert [shown["waitingCount"] for shown in await seen(moderator)] == [2]
    for reader in (ann, ben, also):
        assert [shown["waitingCount"] for shown in await seen(reader)] == [None]
    await posts.edit(bulletin.post_id, "Another price", by=moderator)
    assert [shown["waitingCount"] for shown in await seen(moderator)] == [3]


async def test_nothing_is_pinned_in_a_support_group():
    group = await a_group(kind=GroupKind.SUPPORT)
    moderator = await a_moderator(group)
    post = await a_post(group, by=moderator)
    data = await send("PinPost", by=moderator, post=node("post", post))
    assert data["code"] == "NOTHING_PINNED_HERE"
    assert not await Bulletin.exists()


async def test_what_is_unpinned_deleted_hidden_or_elsewhere_is_not_shown():
    group, elsewhere = await a_group(), await a_group()
    moderator, ann = await a_moderator(group), await a_member(group)
    await pinned(elsewhere)
    for end in ("unpinned", "deleted", "hidden"):
        bulletin = await pinned(group, by=moderator)
        if end == "unpinned":
            asked = {"bulletin": node("bulletin", bulletin)}
            assert await send("UnpinPost", by=moderator, **asked) == {
                "bulletinId": node("bulletin", bulletin)
            }
        elif end == "deleted":
            await posts.delete(bulletin.post_id, by=moderator)
        else:
            await posts.Post.filter(id=bulletin.post_id).update(hidden_at=bulletin.pinned_at)
        assert await seen(ann) == []
        assert (await acknowledge(bulletin, ann))["kind"] == "NOT_FOUND"
    assert not await Acknowledgement.exists()


async def test_an_outsider_takes_note_of_nothing():
    bulletin = await pinned(await a_group())
    assert (await acknowledge(bulletin, await a_person()))["code"] == "POST_NOT_FOUND"
    assert not await Acknowledgement.exists()


async def test_ten_bulletins_cost_as_many_statements_as_one(statements):
    group = await a_group()
    moderator, taken = await a_moderator(group), []
    for many in (1, 9):
        for _ in range(many):
            await acknowledge(await pinned(group, by=moderator), moderator)
        statements()
        await seen(moderator, first=20)
        taken.append(len(statements()))
    assert taken[0] == taken[1]


@pytest.mark.committed
async def test_taking_note_many_times_at_once_is_once():
    group = await a_group()
    ann, bulletin = await a_member(group), await pinned(group)
    await asyncio.gather(*(bulletins.acknowledge(bulletin.id, 1, by=ann) for _ in range(10)))
    assert await Acknowledgement.all().count() == 1


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_pinning_at_once_pins_once():
    group = await a_group()
    moderator, post = await a_moderator(group), await a_post(group)
    await asyncio.gather(*(bulletins.pin(post.id, by=moderator) for _ in range(10)))
    assert await Bulletin.all().count() == 1
