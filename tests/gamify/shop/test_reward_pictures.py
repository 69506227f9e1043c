"""Pictures of a prize, in their order."""

from core.media.images import Image
from core.media.uploads import Purpose
from tests.gamify.shop.makers import a_buyer, a_reward, an_hr
from tests.makers import a_key, an_upload, node, send


async def a_photo(hr):
    return node("upload", await an_upload(Purpose.PHOTO, by=hr))


async def show(hr, reward, photos, *, key=None):
    given = {"reward": node("reward", reward), "uploads": photos, "key": key or a_key()}
    return await send("ShowRewardPictures", by=hr, **given)


async def shown(person, reward):
    """Their ids, as somebody sees them."""
    found = await send("Reward", by=person, reward=node("reward", reward))
    return [picture["id"] for picture in found["pictures"]]


async def test_pictures_are_shown_in_their_order_until_others_take_their_place():
    hr, ann, reward = await an_hr(), await a_buyer(0), await a_reward()
    photos, key = [await a_photo(hr) for _ in range(3)], a_key()
    first = await show(hr, reward, photos, key=key)
    ids = [picture["id"] for picture in first["reward"]["pictures"]]
    assert len(set(ids)) == 3
    assert await shown(ann, reward) == ids
    await show(hr, reward, photos, key=key)
    assert await shown(ann, reward) == ids

    other = await show(hr, reward, [await a_photo(hr)])
    assert await shown(ann, reward) == [other["reward"]["pictures"][0]["id"]]
    assert not set(ids) & set(await shown(ann, reward))


async def test_what_is_too_much_or_somebody_elses_is_shown_nowhere():
    hr, reward = await an_hr(), await a_reward()
    many = [await a_photo(hr) for _ in range(7)]
    assert (await show(hr, reward, many))["code"] == "TOO_MANY_PICTURES"
    theirs = await a_photo(await an_hr())
    assert (await show(hr, reward, [theirs]))["code"] == "UPLOAD_NOT_FOUND"
    assert await shown(hr, reward) == []
    assert not await Image.exists()


async def test_who_is_not_hr_shows_nothing():
    ann, reward = await a_buyer(0), await a_reward()
    assert (await show(ann, reward, [await a_photo(ann)]))["code"] == "NOT_YOURS"
