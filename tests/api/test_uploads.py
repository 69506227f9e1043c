import asyncio
from io import BytesIO

import pytest
from PIL import Image as Pixels

from core import clock
from core.media import avatars, storage, uploads
from core.media.images import Image
from core.media.uploads import KEPT, Purpose, Upload
from tests.makers import (
    a_group,
    a_key,
    a_member,
    a_person,
    a_picture,
    an_upload,
    client,
    node,
    send,
)


async def put(url: str, content: bytes, **headers: str):
    async with client() as http:
        return await http.put(url, content=content, headers=headers)


async def get(url: str):
    async with client() as http:
        return await http.get(url)


async def requested(by, purpose="PHOTO"):
    data = await send("RequestUpload", by=by, purpose=purpose, key=a_key())
    return data["upload"]


async def uploaded(by, purpose="PHOTO") -> str:
    upload = await requested(by, purpose)
    assert (await put(upload["url"], a_picture())).status_code == 204
    return upload["id"]


async def test_a_photo_goes_from_the_phone_into_a_post():
    group = await a_group()
    ann, ben = await a_member(group), await a_member(group)
    upload = await uploaded(ann)
    finished = await send("FinishUpload", by=ann, upload=upload)
    assert finished["upload"] == {"id": upload, "width": 640, "height": 480}

    draft = {"text": "Look", "photos": [upload, await uploaded(ann)]}
    await send("CreatePost", by=ann, group=node("group", group), draft=draft, key=a_key())
    [edge] = (await send("Feed", by=ben))["edges"]

    thumb, _ = edge["node"]["photos"]
    answer = await get(thumb["url"])
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/webp"
    assert Pixels.open(BytesIO(answer.content)).size == (480, 360)
    assert not await Upload.exists()
    assert upload.removeprefix("upload_") not in str(await Image.all().values())


async def test_an_avatar_is_square_and_seen_by_colleagues():
    ann = await a_person()
    data = await send("SetAvatar", by=ann, upload=await uploaded(ann, "AVATAR"))
    answer = await get(data["person"]["avatar"]["url"])
    assert Pixels.open(BytesIO(answer.content)).size == (96, 96)


async def test_a_photo_is_no_avatar_and_an_upload_serves_once():
    ann = await a_person()
    photo, avatar = await uploaded(ann), await uploaded(ann, "AVATAR")
    assert (await send("SetAvatar", by=ann, upload=photo))["code"] == "UPLOAD_NOT_FOUND"
    assert "person" in await send("SetAvatar", by=ann, upload=avatar)
    assert (await send("SetAvatar", by=ann, upload=avatar))["code"] == "UPLOAD_NOT_FOUND"


async def test_nobody_finishes_or_shows_the_upload_of_another():
    ann, ben = await a_person(), await a_person()
    upload = await uploaded(ann, "AVATAR")
    assert (await send("FinishUpload", by=ben, upload=upload))["code"] == "UPLOAD_NOT_FOUND"
    assert (await send("SetAvatar", by=ben, upload=upload))["code"] == "UPLOAD_NOT_FOUND"


async def test_what_has_not_arrived_is_not_finished():
    ann = await a_person()
    upload = await requested(ann)
    assert (await send("FinishUpload", by=ann, upload=upload["id"]))["code"] == "NOTHING_RECEIVED"


async def test_bytes_that_are_no_picture_are_refused_in_the_senders_language():
    ann = await a_person()
    upload = await requested(ann)
    answer = await put(upload["url"], b"<svg onload=alert(1)>", **{"accept-language": "zh-CN"})
    assert answer.status_code == 422
    assert answer.json()["code"] == "NOT_A_PICTURE"
    assert answer.json()["message"].startswith("请上传")
    assert (await send("FinishUpload", by=ann, upload=upload["id"]))["code"] == "NOTHING_RECEIVED"


async def test_more_bytes_than_a_picture_may_have_are_refused_while_they_arrive():
    upload = await requested(await a_person(), "AVATAR")
    sent = 0

    async def endless():
        nonlocal sent
        for _ in range(100):
            sent += 1_000_000
            yield bytes(1_000_000)

    async with client() as http:
        answer = await http.put(upload["url"], content=endless())
    assert (answer.status_code, answer.json()["code"]) == (422, "PICTURE_TOO_LARGE")


@pytest.mark.parametrize("wrong", ["signature=x", "expires=0", "expires=soon", "", "expires=1e9"])
async def test_links_open_only_what_they_were_signed_for(wrong):
    upload = await requested(await a_person())
    path, _, query = upload["url"].partition("?")
    parts = dict(part.split("=", 1) for part in query.split("&"))
    name, _, value = wrong.partition("=")
    changed = parts | {name: value} if name else {}
    tampered = f"{path}?" + "&".join(f"{n}={v}" for n, v in changed.items())
    assert (await put(tampered, a_picture())).status_code == 403
    other = await requested(await a_person())
    assert (await put(f"{path}?{other['url'].partition('?')[2]}", a_picture())).status_code == 403
    assert (await get("/media/../../keys.json")).status_code in {403, 404}


async def test_an_upload_link_closes():
    upload = await requested(await a_person())
    with clock.set_to(clock.now() + uploads.OPEN_FOR * 2):
        answer = await put(upload["url"], a_picture())
    assert (answer.status_code, answer.json()["code"]) == (403, "LINK_EXPIRED")


async def test_what_nothing_showed_within_a_day_is_forgotten_files_included():
    ann = await a_person()
    await uploaded(ann)
    names = [(await Upload.get()).full_name, (await Upload.get()).thumb_name]
    assert [await storage.current().exists(name) for name in names] == [True, True]

    with clock.set_to(clock.now() + KEPT * 2):
        await uploads.forget()

    assert not await Upload.exists()
    assert [await storage.current().exists(name) for name in names] == [False, False]


@pytest.mark.committed
async def test_sending_the_same_picture_many_times_at_once_leaves_one():
    ann = await a_person()
    upload = await requested(ann)

    answers = await asyncio.gather(*(put(upload["url"], a_picture()) for _ in range(5)))

    assert [answer.status_code for answer in answers] == [204] * 5
    row = await Upload.get()
    kept = [one.name async for one in storage.current().everything()]
    assert {row.full_name, row.thumb_name} <= set(kept)


async def test_one_person_cannot_fill_the_disk_with_what_nobody_sees():
    ann = await a_person()
    for _ in range(uploads.MOST):
        await uploads.request(Purpose.PHOTO, by=ann, key=a_key())
    data = await send("RequestUpload", by=ann, purpose="PHOTO", key=a_key())
    assert data["code"] == "TOO_MANY_UPLOADS"


async def test_a_picture_that_another_one_replaced_is_gone():
    ann, names = await a_person(), []
    for _ in range(2):
        shown = await avatars.put((await an_upload(Purpose.AVATAR, by=ann)).id, by=ann)
        image = await Image.get(id=shown.avatar_id)
        names.append(image.full_name)
    await uploads.forget()
    assert [await storage.current().exists(name) for name in names] == [False, True]
    assert await Image.all().count() == 1
    assert not await Upload.exists()
