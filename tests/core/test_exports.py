import asyncio
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlsplit
from zipfile import ZipFile

import orjson
import pytest
from structlog.testing import capture_logs
from tortoise import Tortoise
from tortoise.fields import UUIDField

from api.composition import BELONGINGS, WITHHELD
from community import care_messages, carelines, pulses, reactions, thanks
from community.comments import Comment
from community.groups import Group, GroupKind
from community.pulses import Face
from community.reactions import ReactionKind
from core import clock, exports
from core.belongings import Belonging
from core.events import Event
from core.exports import KEPT, Export
from core.media.uploads import Purpose
from core.people import Grants, Person
from tests.makers import (
    a_comment,
    a_crowd,
    a_group,
    a_key,
    a_member,
    a_person,
    a_post,
    a_report,
    an_upload,
    client,
    send,
)

make_due = exports.maker(BELONGINGS)
BUCKET = timedelta(minutes=6)


async def requested(by: Person, key: str | None = None) -> dict:
    return (await send("RequestMyData", by=by, key=key or a_key()))["dataExport"]


async def my_data(by: Person) -> dict:
    return await send("MyData", by=by)


async def get(url: str):
    parts = urlsplit(url)
    async with client() as http:
        return await http.get(f"{parts.path}?{parts.query}")


async def fetched(by: Person) -> tuple[dict, dict[str, bytes]]:
    """The rows by table, and the pictures."""
    await requested(by)
    await make_due()
    answer = await get((await my_data(by))["url"])
    assert answer.status_code == 200
    with ZipFile(BytesIO(answer.content)) as zip:
        files = {name: zip.read(name) for name in zip.namelist()}
    return orjson.loads(files.pop("data.json")), files


@pytest.fixture
async def shelter(undo) -> Group:
    group = await a_group(kind=GroupKind.SUPPORT)
    await a_crowd(group)
    return group


async def a_sheltered_life(shelter: Group, ann: Person) -> None:
    """Ann writes, answers, reacts, thanks and reports, unseen, and writes to a counsellor."""
    with clock.set_to(clock.now() - 3 * BUCKET):
        photo = await an_upload(Purpose.PHOTO, by=ann)
        draft = {"text": "zinnia post", "anonymous": True, "photos": [photo.id]}
        post = await a_post(shelter, by=ann, **draft)
        other = await a_post(shelter, is_question=True)
    with clock.set_to(clock.now() - 2 * BUCKET):
        await a_comment(other, by=ann, text="zinnia comment", anonymous=True)
        answer = await a_comment(other)
    await reactions.react(Comment, answer.id, ReactionKind.HUG, by=ann)
    await thanks.thank(answer.id, by=ann)
    await a_report(answer, by=ann)
    line = await carelines.open_to(post, by=await a_person(grants=Grants.COUNSELLOR))
    await care_messages.write(line.id, "zinnia care", by=ann, key=a_key())


async def test_the_copy_holds_what_its_owner_wrote_unseen_and_nobody_elses_does(shelter):
    ann, ben = await a_member(shelter), await a_member(shelter)
    await a_sheltered_life(shelter, ann)
    await a_sheltered_life(shelter, await a_member(shelter))

    held, pictures = await fetched(ann)
    assert [row["text"] for row in held["post"]] == ["zinnia post"]
    assert [row["text"] for row in held["comment"]] == ["zinnia comment"]
    assert [row["kind"] for row in held["reaction"]] == ["HUG"]
    assert [row["by_asker"] for row in held["thanks"]] == [False]
    assert [row["reason"] for row in held["report"]] == ["INSULT"]
    assert [(row["words"], row["is_own"]) for row in held["care_message"]] == [
        ("zinnia care", True)
    ]
    assert list(pictures) == [f"pictures/{held['photo'][0]['file']}"]
    assert pictures.popitem()[1].startswith(b"RIFF")

    others, none = await fetched(ben)
    assert "zinnia" not in str(others)
    assert none == {}


async def test_words_are_found_when_their_seal_is_destroyed(shelter):
    ann = await a_member(shelter)
    await a_post(shelter, by=ann, text="zinnia", anonymous=True)
    with clock.set_to(clock.now() + timedelta(days=181)):
        held, _ = await fetched(ann)
    assert [row["text"] for row in held["post"]] == ["zinnia"]


async def test_the_copy_holds_what_is_kept_under_the_name(undo):
    ann = await a_person(name="Ann Lee", phone="+8613900000001")
    await pulses.consent(by=ann)
    await pulses.check_in(Face.LOW, by=ann, key=a_key(), words="long shift")
    await a_post(text="of somebody else")
    held, _ = await fetched(ann)
    assert held["person"][0]["phone"] == "+8613900000001"
    assert [(row["face"], row["words"]) for row in held["check_in"]] == [("LOW", "long shift")]
    assert [row["device"] for row in held["session"]] == ["test"]
    assert "token_hash" not in str(held)
    assert "of somebody else" not in str(held)


async def test_nothing_can_be_read_in_the_database_or_the_log_and_nothing_is_told(shelter):
    ann = await a_member(shelter)
    post = await a_post(shelter, by=ann, text="zinnia", anonymous=True)
    events = await Event.all().count()
    with capture_logs() as logged:
        await requested(ann)
        await make_due()
    export = await Export.get()
    assert b"zinnia" not in export.sealed
    assert b"data.json" not in export.sealed
    assert not {str(ann.id), post.handle} & set(map(str, logged))
    assert str(ann.id) not in str(logged)
    assert await Event.all().count() == events


async def test_it_is_fetched_once(undo):
    ann = await a_person()
    assert await my_data(ann) is None
    assert (await requested(ann))["url"] is None
    await make_due()
    waiting = await my_data(ann)
    assert (waiting["isReady"], waiting["isFetched"]) == (True, False)

    assert (await get(waiting["url"])).headers["cache-control"] == "no-store"
    again = await get(waiting["url"])
    assert (again.status_code, again.json()["code"]) == (404, "EXPORT_NOT_FOUND")
    await make_due()
    done = await my_data(ann)
    assert (done["isReady"], done["isFetched"], done["url"]) == (False, True, None)
    assert (await Export.get()).sealed is None


async def test_it_is_nobody_elses_to_see_and_its_link_ends(undo):
    ann, ben = await a_person(), await a_person(grants=Grants.HR | Grants.ADMIN)
    await requested(ann)
    await make_due()
    url = (await my_data(ann))["url"]
    assert await my_data(ben) is None
    assert (await get(url.replace("signature=", "signature=x"))).json()["code"] == "BAD_LINK"
    with clock.set_to(clock.now() + timedelta(minutes=21)):
        assert (await get(url)).json()["code"] == "LINK_EXPIRED"
    assert (await my_data(ann))["isReady"]


async def test_asking_again_is_the_same_copy_until_a_day_has_passed(undo):
    ann, key = await a_person(), a_key()
    first = await requested(ann, key)
    assert await requested(ann, key) == await requested(ann) == first
    await fetched(ann)
    assert (await requested(ann))["isFetched"]
    with clock.set_to(clock.now() + timedelta(days=1, seconds=1)):
        second = await requested(ann)
        assert (second["id"] != first["id"], second["isFetched"]) == (True, False)


async def test_what_nobody_fetches_is_gone_after_three_days(undo):
    ann = await a_person()
    await requested(ann)
    await make_due()
    await exports.forget()
    assert await Export.all().count() == 1
    with clock.set_to(clock.now() + KEPT + timedelta(seconds=1)):
        assert await my_data(ann) is None
        await exports.forget()
    assert not await Export.exists()


async def test_one_that_cannot_be_made_keeps_no_other_from_being_made(undo):
    ann, ben = await a_person(), await a_person()

    async def rows(person: Person) -> list:
        if person.id == ann.id:
            raise ArithmeticError
        return []

    for person in (ann, ben):
        await requested(person)
    with capture_logs() as logged:
        await exports.maker([Belonging(Person, rows)])()
    [entry] = [entry for entry in logged if entry["event"] == "export_not_made"]
    assert entry.keys() == {"event", "fault", "id", "log_level"}
    assert entry["fault"] == "ArithmeticError"
    assert [(await my_data(one))["isReady"] for one in (ann, ben)] == [False, True]


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_of_two_who_fetch_at_once_one_gets_it():
    await requested(ann := await a_person())
    await asyncio.gather(make_due(), make_due())
    url = (await my_data(ann))["url"]
    answers = await asyncio.gather(*(get(url) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 404, 404, 404, 404]


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_who_asks_many_times_at_once_gets_one_copy():
    ann = await a_person()
    copies = await asyncio.gather(*(requested(ann) for _ in range(5)))
    assert len({copy["id"] for copy in copies}) == 1


#: Columns with ids and marks that are of no person.
THINGS = {
    *("bulletin_id", "case_id", "caused_by", "comment_id", "event_id", "group_id", "open_for"),
    *("post_id", "result_id", "scope_id", "session_id", "subject_id", "team_id", "thread_id"),
}
MARKS = {"actor", "handle", "mark", "reporter"}


def names_people(model) -> bool:
    """Whether a column holds a person's id, a handle, or what stands for one."""
    meta = model._meta  # noqa: SLF001  # Tortoise's documented way to a model's columns
    links = {f"{name}_id" for name in meta.fk_fields | meta.o2o_fields}
    people = {
        f"{name}_id"
        for name in meta.fk_fields | meta.o2o_fields
        if meta.fields_map[name].related_model is Person
    }
    ids = {
        name
        for name in meta.fields_db_projection
        if isinstance(meta.fields_map[name], UUIDField) and name not in {"id", *links, *THINGS}
    }
    return bool(ids | people | MARKS & meta.fields_db_projection.keys())


def test_each_noun_that_names_people_is_handed_out_or_says_why_not():
    naming = {m._meta.db_table for m in Tortoise.apps["models"].values() if names_people(m)}  # noqa: SLF001
    handed = {belonging.name for belonging in BELONGINGS}
    assert naming - handed - WITHHELD.keys() == set()
    assert WITHHELD.keys() & handed == set()
    assert WITHHELD.keys() <= naming
