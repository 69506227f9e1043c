import asyncio
from io import BytesIO
from zipfile import ZipFile

import pytest
from structlog.testing import capture_logs
from tortoise import Tortoise

from api.composition import KEEPING, MODELS, SUBSCRIBERS
from community import seals
from community.moderation_cases import ModerationCase
from community.photos import Photo
from community.reports import Report
from community.risk_cases import RiskCase
from community.seals import Seal
from core import audit, clock, erasures, events, settings
from core.audit import AuditEntry
from core.database import backups
from core.erasures import Erasure
from core.keeping import Then
from core.media import storage
from core.media.images import Image
from core.people import Grants, Person
from tests import integrity
from tests.core import installations
from tests.core.test_exports import names_people
from tests.leavers import DAY, OWN_WORDS, SENTINEL, Life, a_life, leave
from tests.makers import a_key, a_member, a_person, ask, graphql, node, operation, send

erase_due = erasures.eraser(KEEPING)
SECRETS = [*SENTINEL.values(), "Zinnia", "Quillfeather", "13900007777", OWN_WORDS]


async def an_hr() -> Person:
    return await a_person(grants=Grants.HR)


async def asked(number: str, *, by: Person, key: str | None = None) -> dict:
    return await send("AskForErasure", by=by, number=number, key=key or a_key())


async def decided(erasure: str, *, by: Person, agreed: bool = True) -> dict:
    return await send("DecideErasure", by=by, erasure=erasure, agreed=agreed)


async def listed(by: Person) -> list[dict]:
    return [edge["node"] for edge in (await send("Erasures", by=by))["edges"]]


async def delivered() -> None:
    while await events.deliver(SUBSCRIBERS):
        pass


async def everything() -> str:
    rows = [row for m in Tortoise.apps["models"].values() for row in await m.all().values()]
    return " ".join(str(value) for row in rows for value in row.values())


async def erased_life() -> Life:
    life = await a_life()
    await delivered()
    await leave(life.person)
    await delivered()
    await Erasure.create(person_id=life.person.id, asked_at=clock.now(), agreed_at=clock.now())
    await erase_due()
    return life


async def test_nothing_in_any_table_or_log_names_who_was_erased(undo):
    before = await a_life()
    assert [one for one in SECRETS if one in await everything()] != []
    await leave(before.person)
    await delivered()
    await Erasure.create(person_id=before.person.id, asked_at=clock.now(), agreed_at=clock.now())
    with capture_logs() as logged:
        await erase_due()
    held = (await everything()).lower()
    assert [one for one in SECRETS if one.lower() in held] == []
    assert [one for one in [*SECRETS, str(before.person.id)] if one in str(logged)] == []
    assert (await Erasure.get()).done_at is not None


async def test_their_id_stands_only_where_that_is_said(undo):
    life = await erased_life()
    said = {one.name for one in KEEPING if one.then is not Then.DELETED} | {"endorsement"}
    for model in Tortoise.apps["models"].values():
        rows = str(await model.all().values())
        if str(life.person.id) in rows:
            assert model._meta.db_table in said  # noqa: SLF001  # its name
            assert names_people(model)


async def test_figures_are_as_they_were(undo):
    await erased_life()
    assert await integrity.findings() in ([], ["a transaction"])
    assert await audit.chain_is_whole() == []


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "Former colleague"), ("zh-CN", "已离职的同事"), ("zh-TW", "已離職的同事")],
)
async def test_others_read_their_words_by_a_former_colleague(undo, language, name):
    life = await erased_life()
    document, operation_name = operation("Post")
    answer = await ask(
        document,
        by=life.reader,
        name=operation_name,
        language=language,
        id=node("post", life.post),
    )
    post = answer["data"]["post"]
    assert (post["text"], post["author"]["name"]) == ("Mine", name)
    assert (post["photos"], post["author"].get("team")) == ([], None)
    assert len(post["comments"]["edges"]) == 1


async def test_what_they_wrote_unseen_stays_as_it_was_without_its_seal(undo):
    life = await a_life()
    member = await a_member(life.shelter)
    await delivered()
    before = await send("Post", by=member, id=node("post", life.vent))
    assert await seals.stands(life.vent.handle)
    await leave(life.person)
    await delivered()
    await Erasure.create(person_id=life.person.id, asked_at=clock.now(), agreed_at=clock.now())
    await erase_due()
    after = await send("Post", by=member, id=node("post", life.vent))
    for answer in (before, after):
        for photo in answer["photos"]:
            photo.pop("url", None)
    assert after == before
    assert not await Seal.filter(handle=life.vent.handle).exists()


async def test_their_pictures_are_gone_from_the_storage(undo):
    life = await a_life()
    ann = await Person.get(id=life.person.id)
    photo = await Photo.get(post_id=life.post.id)
    images = await Image.filter(id__in=[ann.avatar_id, photo.image_id])
    names = [name for image in images for name in (image.full_name, image.thumb_name)]
    assert [await storage.current().exists(name) for name in names] == [True] * 4
    await leave(ann)
    await delivered()
    await Erasure.create(person_id=ann.id, asked_at=clock.now(), agreed_at=clock.now())
    await erase_due()
    assert [await storage.current().exists(name) for name in names] == [False] * 4
    assert not await Image.filter(id__in=[image.id for image in images]).exists()


async def test_what_others_said_about_them_says_no_more(undo):
    life = await erased_life()
    assert await RiskCase.filter(author_id=life.person.id).values_list("words", flat=True) == [""]
    assert set(await Report.all().values_list("words", flat=True)) == {""}
    assert await ModerationCase.all().count() == 1


async def test_hr_asks_and_another_one_agrees(undo):
    ann, hr, admin = await a_person(), await an_hr(), await a_person(grants=Grants.ADMIN)
    await leave(ann)
    key = a_key()
    erasure = (await asked(ann.number, by=hr, key=key))["erasure"]
    assert (await asked(ann.number, by=hr, key=key))["erasure"] == erasure
    assert (await asked(ann.number, by=admin))["erasure"]["id"] == erasure["id"]
    assert (erasure["person"]["name"], erasure["askedBy"]["id"]) == (ann.name, node("person", hr))
    await erase_due()
    assert await Person.filter(id=ann.id, name=ann.name).exists()

    assert (await decided(erasure["id"], by=hr))["code"] == "ANOTHER_AGREES"
    agreed = (await decided(erasure["id"], by=admin))["erasure"]
    assert agreed["agreedBy"]["id"] == node("person", admin)
    for agrees in (True, False):
        refused = await decided(erasure["id"], by=admin, agreed=agrees)
        assert refused["code"] == "ERASURE_DECIDED"
    await erase_due()
    [done] = await listed(hr)
    assert (done["person"]["name"], done["doneAt"] is not None) == ("Former colleague", True)


async def test_what_is_turned_down_can_be_asked_for_again(undo):
    ann, hr, other = await a_person(), await an_hr(), await an_hr()
    await leave(ann)
    first = (await asked(ann.number, by=hr))["erasure"]
    assert (await decided(first["id"], by=other, agreed=False))["erasure"]["agreedAt"] is None
    assert await listed(hr) == []
    assert (await decided(first["id"], by=other))["code"] == "ERASURE_NOT_FOUND"
    assert (await asked(ann.number, by=hr))["erasure"]["id"] != first["id"]


async def test_each_step_is_audited_and_says_nothing_of_what_it_was_about(undo):
    ann, hr, other = await a_person(), await an_hr(), await an_hr()
    await leave(ann)
    erasure = (await asked(ann.number, by=hr))["erasure"]
    await decided(erasure["id"], by=other)
    for _ in range(2):
        await erase_due()
    entries = await AuditEntry.all().order_by("number")
    steps = [(entry.name, entry.by_id, entry.about_id, entry.facts) for entry in entries]
    assert steps == [
        ("erasure.asked", hr.id, ann.id, {}),
        ("erasure.agreed", other.id, ann.id, {}),
        ("person.erased", other.id, ann.id, {}),
    ]
    assert await events.Event.filter(name="person.erased").count() == 1


async def test_nobody_who_works_here_can_be_erased_nor_is_anybody_else_allowed_to_ask(undo):
    ann, hr = await a_person(), await an_hr()
    assert (await asked(ann.number, by=hr))["code"] == "STILL_HERE"
    assert (await asked("nobody", by=hr))["code"] == "PERSON_NOT_FOUND"
    await leave(ann)
    moderator = await a_person(grants=Grants.MODERATOR | Grants.SUPERVISOR | Grants.COUNSELLOR)
    assert (await asked(ann.number, by=moderator))["code"] == "NOT_YOURS"
    document, name = operation("Erasures")
    answer = await ask(document, by=moderator, name=name)
    assert answer["errors"][0]["extensions"]["code"] == "NOT_YOURS"
    assert not await Erasure.exists()


async def test_one_asks_for_oneself_and_nobody_learns_of_it_before_one_has_left(undo):
    ann, hr = await a_person(), await an_hr()
    wanted = await send("AskToBeErased", by=ann, key=a_key())
    assert wanted["askedAt"] is not None
    query = "{ viewer { erasureAskedAt } }"
    assert (await graphql(query, by=ann))["viewer"]["erasureAskedAt"] == wanted["askedAt"]
    assert (await graphql(query, by=hr))["viewer"]["erasureAskedAt"] is None
    erasure = f"erasure_{(await Erasure.get()).id.hex}"
    assert await listed(hr) == []
    for agreed in (True, False):
        refused = await decided(erasure, by=hr, agreed=agreed)
        assert refused["code"] == "ERASURE_NOT_FOUND"
    await leave(ann)
    assert [one["id"] for one in await listed(hr)] == [erasure]
    await decided(erasure, by=hr)
    await erase_due()
    assert (await Person.get(id=ann.id)).name == ""


async def test_one_takes_ones_own_request_back_and_no_other(undo):
    ann, hr, other = await a_person(), await an_hr(), await a_person()
    await leave(other)
    await asked(other.number, by=hr)
    await send("AskToBeErased", by=ann, key=a_key())
    for person in (hr, ann, ann):
        assert (await send("TakeBackErasure", by=person))["askedAt"] is None
    assert [erasure.person_id for erasure in await Erasure.all()] == [other.id]


async def test_in_time_everybody_who_left_is_erased(undo):
    days = settings.current().erase_after_days
    here = await a_person()
    early, due, wanted = [await a_person(left_on=clock.business_date()) for _ in range(3)]
    await leave(early, days_ago=days - 1)
    for person in (due, wanted):
        await leave(person, days_ago=days)
    await asked(wanted.number, by=await an_hr())
    for _ in range(2):
        await erase_due()
    names = dict(await Person.all().values_list("id", "name"))
    assert [names[one.id] for one in (here, early, due, wanted)] == [
        here.name,
        early.name,
        "",
        "",
    ]
    assert await Erasure.filter(done_at__not_isnull=True).count() == 2


async def test_who_came_back_is_left_alone(undo):
    ann, hr, other = await a_person(), await an_hr(), await an_hr()
    await leave(ann)
    await decided((await asked(ann.number, by=hr))["erasure"]["id"], by=other)
    await Person.filter(id=ann.id).update(left_on=None)
    await erase_due()
    assert (await Person.get(id=ann.id)).name == ann.name
    assert not await Erasure.exists()


async def test_how_long_somebody_stayed_is_kept_but_not_since_which_day(undo):
    ann = await a_person(hired_on=clock.business_date() - 500 * DAY)
    await leave(ann, days_ago=200)
    await erase_due()
    ann = await Person.get(id=ann.id)
    assert ann.hired_on.day == 1
    assert ann.left_on - ann.hired_on == 300 * DAY


async def test_one_that_fails_keeps_no_other_from_being_erased(undo):
    ann, ben = await a_person(), await a_person()
    for person in (ann, ben):
        await leave(person, days_ago=500)

    async def fails(person: Person) -> None:
        if person.id == ann.id:
            raise ArithmeticError

    [of_people] = [one for one in KEEPING if one.model is Person]
    with capture_logs() as logged:
        await erasures.eraser([erasures.Keeping(Person, Then.BLANKED, fails), of_people])()
    [entry] = [entry for entry in logged if entry["event"] == "erasure_not_done"]
    assert entry.keys() == {"event", "fault", "id", "log_level"}
    names = dict(await Person.all().values_list("id", "name"))
    assert (names[ann.id], names[ben.id]) == (ann.name, "")
    await erase_due()
    assert await Erasure.filter(done_at__not_isnull=True).count() == 2


@pytest.mark.committed
async def test_no_backup_taken_afterwards_holds_anything_of_theirs(database_url, tmp_path):
    with installations.at(tmp_path / "home"):
        life = await a_life()
        await leave(life.person)
        await delivered()
        before = await dumped(database_url)
        assert [one for one in SECRETS if one.lower().encode() in before] != []
        await Erasure.create(person_id=life.person.id, asked_at=clock.now(), agreed_at=clock.now())
        await erase_due()
        held = await dumped(database_url)
    assert [one for one in SECRETS if one.lower().encode() in held] == []


async def dumped(url: str) -> bytes:
    """All that is in a backup."""
    file = BytesIO()
    await backups.make(file, backups.database(url, MODELS), lambda *_: None)
    with ZipFile(file) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist()).lower()


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_of_several_processes_that_erase_at_once_one_says_so():
    ann, hr, other = await a_person(), await an_hr(), await an_hr()
    await leave(ann)
    erasure = await erasures.ask(ann.number, by=hr, key=a_key())
    decisions = [erasures.decide(erasure.id, agreed=True, by=other) for _ in range(5)]
    outcomes = await asyncio.gather(*decisions, return_exceptions=True)
    assert sum(isinstance(one, Erasure) for one in outcomes) == 1
    await asyncio.gather(*(erasures.eraser(KEEPING)() for _ in range(5)))
    assert (await Person.get(id=ann.id)).name == ""
    assert await AuditEntry.filter(name="person.erased").count() == 1


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_who_is_asked_for_many_times_at_once_is_asked_for_once():
    ann, hr = await a_person(), await an_hr()
    await leave(ann)
    asked = [erasures.ask(ann.number, by=hr, key=a_key()) for _ in range(5)]
    assert len({erasure.id for erasure in await asyncio.gather(*asked)}) == 1
    assert await Erasure.all().count() == 1
