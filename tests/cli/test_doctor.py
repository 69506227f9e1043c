import json
import resource
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from tortoise.context import TortoiseContext

from api.composition import MODELS
from cli.checks import Wrong, database, host, services
from core import clock, events, files
from core.crypto import keys
from core.database import db
from core.events import Event
from core.media import decoder
from core.messaging import notices
from core.messaging.deliveries import Delivery
from core.messaging.notice_kinds import NoticeKind
from core.messaging.notices import News
from tests.commands import breakroom
from tests.core import installations
from tests.core.makers import chosen
from tests.makers import a_person

pytestmark = pytest.mark.committed

Doctor = Callable[..., tuple[int, list[str]]]

SECRET = "geheim"  # noqa: S105  # of nothing


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "home"
    files.make_folder(folder)
    with installations.at(folder):
        yield folder


@contextmanager
def open_files(most: int) -> Iterator[None]:
    """As many may this process open, and those it starts."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def doctor(home: Path) -> Iterator[Doctor]:
    """What the command says, and its exit code."""

    def run(**given: str) -> tuple[int, list[str]]:
        done = breakroom("doctor", **given)
        assert done.stderr == b""
        return done.returncode, done.stdout.decode().splitlines()

    with open_files(4096):
        yield run


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[None]:
    """As the checks of a database find it."""
    with chosen(database=url):
        async with TortoiseContext() as tortoise:
            await tortoise.init(db.config(url, MODELS))
            await tortoise.db().create_connection(with_db=True)
            yield


@contextmanager
def wrong(what: str, mend: str) -> Iterator[None]:
    with pytest.raises(Wrong) as caught:
        yield
    assert (str(caught.value), caught.value.mend) == (what, mend)


def test_a_sound_installation_has_nothing_but_ticks(doctor, migrated_database, redis_url):
    keys.secret("seal")
    code, lines = doctor(database=migrated_database, redis=redis_url)
    assert [line for line in lines if not line.startswith("✓ ")] == []
    names = [line[2:14].strip() for line in lines]
    assert names == [
        "settings",
        *host.CHECKS,
        "database",
        *database.CHECKS,
        *services.CHECKS,
    ]
    assert code == 0


def test_what_is_wrong_is_told_with_what_mends_it(doctor, home, empty_database, kind):
    keys.secret("seal")
    home.chmod(0o755)
    code, lines = doctor(database=empty_database, development="true")
    told = [line for line in lines if not line.startswith("✓ ")]
    assert told[:4] == [
        f"✗ home         others may look into {home}",
        f"               → chmod go= {home}",
        "✗ development  everybody may read the schema, and codes are printed",
        "               → unset BREAKROOM_DEVELOPMENT",
    ]
    migrate = "               → breakroom migrate"
    assert (
        told[4:]
        == {
            "sqlite": [
                f"✗ database     there is no {empty_database.removeprefix('sqlite://')}",
                migrate,
            ],
            "postgres": [
                "✗ migrations   it lacks 0001_initial",
                migrate,
                "✗ outbox       it is not there",
                migrate,
                "✗ notices      they are not there",
                migrate,
            ],
        }[kind]
    )
    assert code == 1


def test_invalid_settings_are_the_only_thing_told(doctor):
    code, lines = doctor(time_zone="Mars/Olympus", redis=SECRET)
    told = (
        "BREAKROOM_REDIS: begin it with redis:// or rediss:// or unix://; "
        "BREAKROOM_TIME_ZONE: name a time zone such as Asia/Shanghai"
    )
    assert lines == [f"✗ settings     {told}", "               → breakroom settings (lists them)"]
    assert code == 1


def test_no_secret_is_ever_printed(doctor, unused_tcp_port):
    nowhere = f"127.0.0.1:{unused_tcp_port}"
    code, lines = doctor(
        database=f"postgres://user:{SECRET}@{nowhere}/{SECRET}?sslmode=disable",
        redis=f"redis://user:{SECRET}@{nowhere}",
        storage="s3://bucket",
        storage_endpoint=f"http://{nowhere}",
        storage_key="key",
        storage_secret=SECRET,
        sms_url=f"https://user:{SECRET}@localhost/{SECRET}?token={SECRET}",
        sms_headers=f'{{"authorization": "{SECRET}"}}',
        metrics_token=SECRET,
    )
    told = "\n".join(lines)
    assert code == 1
    assert SECRET not in told
    assert {line[2:14].strip() for line in lines if line.startswith("✗")} == {
        "database",
        "keys",
        "media",
        "Redis",
        "SMS",
    }


@pytest.mark.parametrize("password", ["12/geheim", "12#geheim", "12?geheim", "geheim@", "[geheim"])
def test_no_part_of_a_password_is_printed_that_a_url_cannot_hold(doctor, password):
    code, lines = doctor(database=f"postgres://user:{password}@127.0.0.1:1/name")
    assert code == 1
    assert not [line for line in lines if SECRET in line]


async def test_an_old_python():
    with wrong("3.11.7 is too old".replace("3.11.7", sys.version.split()[0]), "install Python 9.0"):
        await host.python(least=(9, 0))


async def test_a_misspelt_setting():
    with (
        chosen(databse="x"),
        wrong(
            "there is no setting BREAKROOM_DATABSE",
            "unset BREAKROOM_DATABSE (or is BREAKROOM_DATABASE meant?)",
        ),
    ):
        await host.spelling()


async def test_a_home_that_is_not_there(tmp_path):
    with (
        chosen(home=str(tmp_path / "no where")),
        wrong(f"there is no folder {tmp_path}/no where", f"mkdir -p -m 700 '{tmp_path}/no where'"),
    ):
        await host.home()


async def test_a_home_in_which_nothing_can_be_written():
    with chosen(home="/dev/fd"), pytest.raises(Wrong, match="nothing can be written to /dev/fd"):
        await host.home()


async def test_a_full_disk():
    with pytest.raises(Wrong, match=r"only \d+\.\d GB are free"):
        await host.disk(least=1e9)


async def test_few_open_files():
    mend = "ulimit -n 65536 (systemd: LimitNOFILE=65536)"
    with open_files(1000), wrong("only 1000 may be open at once", mend):
        await host.open_files()


def test_a_database_that_does_not_answer(doctor, unused_tcp_port):
    keys.secret("seal")
    where = f"127.0.0.1:{unused_tcp_port}"
    code, lines = doctor(database=f"postgres://{where}/breakroom")
    [told, mend] = [line for line in lines if not line.startswith("✓")]
    assert told.startswith(f"✗ database     {where} does not answer: ")
    assert mend == "               → start it, or correct BREAKROOM_DATABASE"
    assert code == 1


def test_a_file_that_is_no_database(doctor, tmp_path):
    keys.secret("seal")
    file = tmp_path / "breakroom.sqlite3"
    file.write_bytes(b"no database" * 1000)
    _, lines = doctor(database=f"sqlite://{file}")
    assert [line for line in lines if not line.startswith("✓")] == [
        f"✗ database     {file} does not answer: file is not a database",
        "               → start it, or correct BREAKROOM_DATABASE",
    ]


async def test_an_old_database(migrated_database, kind):
    async with connected(migrated_database):
        with pytest.raises(Wrong, match=r"is too old$") as caught:
            await database.version(least={kind: (99, 1)})
    assert caught.value.mend == "update it to 99.1"


async def test_a_database_that_lacks_migrations(empty_database):
    async with connected(empty_database):
        with wrong("it lacks 0001_initial", "breakroom migrate"):
            await database.up_to_date()


@pytest.mark.only("sqlite")
async def test_a_database_that_is_gone_with_the_process():
    async with connected("sqlite://:memory:"):
        with wrong("journal_mode is memory", database.MENDED["sqlite"]):
            await database.safe()


@pytest.mark.only("postgres")
async def test_a_database_that_forgets_what_it_acknowledged(migrated_database):
    admin = await asyncpg.connect(migrated_database)
    name = await admin.fetchval("SELECT current_database()")
    await admin.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    await admin.close()
    async with connected(migrated_database):
        with wrong("synchronous_commit is off", database.MENDED["postgres"]):
            await database.safe()


@pytest.mark.only("postgres")
async def test_more_connections_than_the_server_has(migrated_database):
    async with connected(migrated_database):
        most = int(await database._value("SHOW max_connections"))  # noqa: SLF001  # as the check asks
        with (
            chosen(database_connections=str(most)),
            wrong(
                f"we may open {most}, it allows {most} to all",
                f"BREAKROOM_DATABASE_CONNECTIONS={most // 2}, or raise max_connections",
            ),
        ):
            await database.connections()


@pytest.mark.parametrize(("seconds", "told"), [(3600, "3600 s ahead"), (-60, "60 s behind")])
async def test_a_clock_that_is_wrong(migrated_database, seconds, told):
    async with connected(migrated_database):
        with (
            clock.set_to(clock.now() + timedelta(seconds=seconds)),
            wrong(f"this machine is {told}", "timedatectl set-ntp true (on both machines)"),
        ):
            await database.same_time()


async def test_events_that_nobody_delivers(migrated_database):
    async with connected(migrated_database):
        await events.record("tea.made", due_at=clock.now() - timedelta(minutes=7))
        with wrong("1 events are due, one for 7 minutes", "breakroom serve (delivers them)"):
            await database.outbox()


async def test_events_that_were_set_aside(migrated_database):
    async with connected(migrated_database):
        await Event.create(
            name="tea.made", payload={}, due_at=clock.now(), failed_at=clock.now(), attempts=12
        )
        with wrong(
            "1 events were set aside", "breakroom outbox (says why), then breakroom outbox --retry"
        ):
            await database.outbox()


async def test_keys_that_are_not_there_though_people_are(home):
    await a_person()
    with wrong(
        f"there is no key file at {home}/keys.json",
        "copy the file from the other machines, or out of the backup (a zip file)",
    ):
        await services.key_file()


def test_keys_before_the_first_start(doctor, migrated_database, home):
    code, lines = doctor(database=migrated_database)
    told = "✓ keys         none yet; breakroom serve makes them at its first start"
    assert (code, told in lines, keys.path().exists()) == (0, True, False)


def test_keys_when_nobody_knows_whether_there_are_people(doctor, tmp_path):
    _, lines = doctor(database=f"sqlite://{tmp_path}/none")
    assert [line[2:10] for line in lines if line.startswith("✗")] == ["database", "keys    "]
    assert not (tmp_path / "none").exists()


async def test_keys_that_cannot_be_read(home):
    files.write(home / "keys.json", b"{")
    with pytest.raises(Wrong, match=r"keys\.json is not a key file$"):
        await services.key_file()


async def test_keys_that_others_may_read(home):
    keys.secret("seal")
    keys.path().chmod(0o640)
    with wrong(f"others may read {keys.path()}", f"chmod 600 {keys.path()}"):
        await services.key_file()


async def test_keys_from_before_an_update(home):
    keys.secret("seal")
    content = json.loads(keys.content())
    del content["seal"], content["cursor"]
    files.write(keys.path(), json.dumps(content).encode())
    with wrong(
        f"{keys.path()} lacks those for cursor, seal",
        "start one breakroom serve, then copy the file to the other machines",
    ):
        await services.key_file()


async def test_media_that_cannot_be_stored(tmp_path):
    (tmp_path / "media").touch()
    with (
        installations.at(tmp_path / "home", storage=str(tmp_path / "media")),
        wrong(
            "nothing can be stored: FileExistsError",
            "correct BREAKROOM_STORAGE… (breakroom settings)",
        ),
    ):
        await services.media()


async def test_media_leave_no_probe_behind(home):
    assert await services.media() == "stored, read and deleted a file"
    assert [file for file in (home / "media").rglob("*") if file.is_file()] == []


async def test_a_pillow_without_a_format():
    with pytest.raises(Wrong, match="Pillow was built without libimagequant"):
        await services.formats(needed=("jpg", "libimagequant"))


async def test_a_decoder_that_dies(tmp_path, monkeypatch):
    monkeypatch.setattr(decoder, "SCRIPT", tmp_path / "nothing.py")
    with wrong(
        "the process that decodes pictures dies",
        f"{sys.executable} -I {decoder.CONFINED} {tmp_path}/nothing.py </dev/null (says why)",
    ):
        await services.decoding()


async def test_a_redis_that_does_not_answer(unused_tcp_port):
    url = f"redis://127.0.0.1:{unused_tcp_port}"
    with chosen(redis=url), pytest.raises(Wrong, match="it does not answer: ConnectionError"):
        await services.redis()


async def test_a_redis_that_does_not_know_us(redis_url):
    url = redis_url.replace("://", f"://nobody:{SECRET}@")
    with chosen(redis=url), pytest.raises(Wrong, match="it does not answer: AuthenticationError"):
        await services.redis()


@pytest.mark.parametrize(
    ("url", "private", "told"),
    [
        ("http://1.1.1.1/send", "false", "codes go to 1.1.1.1 unencrypted"),
        ("https://[sms", "false", "its address is not known"),
        ("https://127.0.0.1/send", "false", "127.0.0.1 is in our own network"),
        ("https://no.such.host.invalid/", "true", "its address is not known"),
    ],
)
async def test_a_gateway_for_messages_that_cannot_be_meant(url, private, told):
    with chosen(sms_url=url, sms_private=private), pytest.raises(Wrong) as caught:
        await services.sms()
    assert str(caught.value) == told


@pytest.mark.parametrize(
    ("url", "private", "told"),
    [
        ("https://127.0.0.1/", "false", "WeCom is in our own network"),
        ("https://no.such.host.invalid/", "true", "the address of WeCom is not known"),
    ],
)
async def test_a_messenger_that_cannot_be_meant(url, private, told):
    with (
        chosen(wecom_url=url, wecom_corp="ww1", notices_private=private),
        pytest.raises(Wrong) as caught,
    ):
        await services.messengers()
    assert str(caught.value) == told


async def test_messages_that_were_set_aside(migrated_database):
    async with connected(migrated_database):
        person = await a_person()
        with chosen(database=migrated_database, wecom_corp="ww1"):
            await notices.tell(person.id, News(NoticeKind.COMMENT, "", "x"))
        await Delivery.all().update(failed_at=clock.now())
        with wrong(
            "1 messages were set aside",
            "breakroom notices failed (says why), then breakroom notices retry",
        ):
            await database.notices()
