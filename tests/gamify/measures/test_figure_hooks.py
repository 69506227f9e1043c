import hmac
from datetime import timedelta

import orjson
import pytest

from core import clock
from gamify.measures.figures import Figure, Restatement
from tests.core.makers import chosen
from tests.makers import a_person, client

SECRET = "shared between two systems"  # noqa: S105  # of nobody


@pytest.fixture(autouse=True)
def on():
    with chosen(figures_secret=SECRET):
        yield


def signed(body: bytes, *, at=None, secret: str = SECRET) -> str:
    seconds = str(int((at or clock.now()).timestamp()))
    digest = hmac.new(secret.encode(), f"{seconds}.".encode() + body, "sha256").hexdigest()
    return f"t={seconds},v1={digest}"


async def tell(id: str, *figures, signature: str | None = None, body: bytes | None = None):
    body = body or orjson.dumps({"id": id, "figures": figures})
    headers = {"x-breakroom-signature": signature if signature is not None else signed(body)}
    async with client() as http:
        answer = await http.post("/hooks/figures", content=body, headers=headers)
    return answer.status_code, answer.json()


def a_day(number: str, **given):
    said = {"number": number, "date": clock.business_date().isoformat(), "volume": 64}
    return said | {"on_duty": 7.5, "scheduled": 8, "resolution": 0.62} | given


async def test_what_another_system_tells_is_taken_with_reasons_for_what_is_not():
    ann = await a_person()

    status, told = await tell("1", a_day(ann.number), a_day("nobody"), a_day(ann.number, volume=-1))

    assert status == 200
    assert (told["new"], told["restated"], told["unchanged"]) == (1, 0, 0)
    assert [one["place"] for one in told["rejected"]] == [1, 2]
    figure = await Figure.get()
    assert (figure.person_id, figure.volume, figure.on_duty) == (ann.id, 64, 450)


async def test_a_delivery_counts_once_even_if_something_newer_came_between():
    ann = await a_person()
    first = orjson.dumps({"id": "1", "figures": [a_day(ann.number)]})
    await tell("1", body=first)
    await tell("2", a_day(ann.number, volume=70))

    _, told = await tell("1", body=first)

    assert (told["is_repeated"], told["unchanged"], told["restated"]) == (True, 0, 0)
    assert (await Figure.get()).volume == 70
    assert await Restatement.all().count() == 1


@pytest.mark.parametrize(
    "signature",
    [
        lambda body: "",
        lambda body: "t=,v1=",
        lambda body: signed(body + b" "),
        lambda body: signed(body, secret="another"),  # noqa: S106  # of nobody
        lambda body: signed(body, at=clock.now() - timedelta(minutes=6)),
        lambda body: signed(body, at=clock.now() + timedelta(minutes=6)),
        lambda body: signed(body).replace("t=", "t=1"),
    ],
    ids=["none", "empty", "of something else", "by another", "old", "of the future", "changed"],
)
async def test_what_is_not_signed_now_by_who_knows_the_secret_is_refused(signature):
    ann = await a_person()
    body = orjson.dumps({"id": "1", "figures": [a_day(ann.number)]})

    status, told = await tell("1", body=body, signature=signature(body))

    assert (status, told["code"]) == (401, "FIGURES_NOT_SIGNED")
    assert not await Figure.exists()


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b"nonsense", b'{"id":"1","figures":[]}', b'{"id":"1","figures":[7]}']
)
async def test_what_makes_no_sense_is_refused(body):
    status, told = await tell("1", body=body)

    assert (status, told["code"]) == (422, "BAD_FIGURES")


async def test_without_a_secret_nothing_is_taken():
    with chosen(figures_secret=""):
        status, told = await tell("1", a_day("A1"), signature="")

    assert (status, told["code"]) == (404, "NO_FIGURES_TAKEN")


@pytest.mark.parametrize(
    "given",
    [
        {"number": "a\0b"},
        {"number": "9" * 5000},
        {"number": ["T1"]},
        {"date": "0001-01-01"},
        {"date": "9999-12-31"},
        {"date": "2026-11-22\0"},
        {"date": 20261122.5},
        {"volume": "NaN"},
        {"volume": 1e300},
        {"volume": True},
        {"volume": "1" + ",000" * 200},
        {"on_duty": "1e3"},
        {"on_duty": -0.0001},
        {"resolution": "Infinity"},
        {"satisfaction": {"$gt": 1}},
    ],
    ids=str,
)
async def test_a_row_that_cannot_be_is_rejected_and_those_beside_it_are_taken(given):
    ann, ben = await a_person(), await a_person()

    status, told = await tell("1", a_day(ann.number) | given, a_day(ben.number))

    assert (status, told["new"]) == (200, 1)
    assert [one["place"] for one in told["rejected"]] == [0]
    assert (await Figure.get()).person_id == ben.id


@pytest.mark.parametrize(
    "body",
    [
        b'{"id":"a\\u0000","figures":[{}]}',
        b'{"id":NaN}',
        b"\xff{}",
        b'{"id":"\\ud800","figures":[{}]}',
    ],
)
async def test_a_delivery_that_cannot_be_kept_is_refused(body):
    status, told = await tell("1", body=body)

    assert (status, told["code"]) == (422, "BAD_FIGURES")


@pytest.mark.parametrize("moment", ["x", "nan", "1e3", "9" * 400])
async def test_a_moment_that_is_none_is_refused_even_if_it_is_signed(moment):
    body = b"{}"
    digest = hmac.new(SECRET.encode(), f"{moment}.".encode() + body, "sha256").hexdigest()

    status, told = await tell("1", body=body, signature=f"t={moment},v1={digest}")

    assert (status, told["code"]) == (401, "FIGURES_NOT_SIGNED")
