import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any
from uuid import UUID

import pytest

from api.composition import SUBSCRIBERS
from community import reactions, thanks
from community.groups import Group, GroupKind
from community.photos import Photo
from community.posts import Post
from community.reactions import ReactionKind
from core import events
from core.crypto import keys
from core.media import storage, uploads
from core.media.images import Image
from core.media.uploads import Purpose
from core.people import Person
from gamify import points, rules
from tests import commands
from tests.core import corpus, installations
from tests.makers import (
    a_comment,
    a_crowd,
    a_group,
    a_key,
    a_member,
    a_post,
    a_token,
    ask,
    node,
    operation,
)

pytestmark = pytest.mark.committed

Breakroom = Callable[..., CompletedProcess[bytes]]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "archive"


def command(database: str, home: Path) -> Breakroom:
    return partial(commands.breakroom, database=database, home=str(home))


@pytest.fixture
def breakroom(database_url: str, tmp_path: Path) -> Breakroom:
    return command(database_url, tmp_path / "home")


@pytest.fixture
def elsewhere(empty_database: str, tmp_path: Path) -> Breakroom:
    return command(empty_database, tmp_path / "elsewhere")


async def a_photo(by: Person) -> UUID:
    async def chunks() -> AsyncIterator[bytes]:
        yield corpus.saved(corpus.landscape((640, 480)))

    upload = await uploads.request(Purpose.PHOTO, by=by, key=a_key())
    await uploads.receive(upload.id, chunks())
    return upload.id


async def an_answer(group: Group, asker: Person, helper: Person) -> None:
    """A question with a photo, an answer, thanks that pay and a like."""
    photos = [await a_photo(asker)]
    question = await a_post(group, by=asker, is_question=True, photos=photos)
    answer = await a_comment(question, by=helper)
    await thanks.thank(answer.id, by=asker)
    await reactions.react(Post, question.id, ReactionKind.LIKE, by=helper)
    await events.deliver(SUBSCRIBERS)


@asynccontextmanager
async def going_on(*given: Any) -> AsyncIterator[None]:
    """One answer after another as long as this block lasts."""
    over = asyncio.Event()

    async def life() -> None:
        while not over.is_set():
            await an_answer(*given)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(life())
        yield
        over.set()


async def test_a_living_company_comes_back_as_it_was_at_one_moment(
    breakroom, elsewhere, archive, tmp_path, empty_database
):
    with installations.at(tmp_path / "home"):
        await rules.ship()
        support, group = await a_group(kind=GroupKind.SUPPORT), await a_group()
        asker, helper = await a_member(group), await a_member(group)
        await an_answer(group, asker, helper)
        author = (await a_crowd(support))[0]
        token, photos = await a_token(author), [await a_photo(author)]
        unseen = await a_post(support, by=author, anonymous=True, photos=photos)
        image = (await Photo.get(post_id=unseen.id).select_related("image")).image
        picture = await storage.current().get(image.full_name)
        async with going_on(group, asker, helper):
            done = await asyncio.to_thread(breakroom, "backup", archive)
        assert done.returncode == 0, done.stderr
        assert archive.stat().st_mode & 0o777 == 0o600
        afterwards = await Post.all().count()

    done = elsewhere("restore", archive)
    assert done.returncode == 0, done.stderr
    done = elsewhere("integrity")
    assert done.returncode == 0, done.stdout
    with installations.at(tmp_path / "elsewhere"):
        async with installations.on(empty_database):
            assert 2 <= await Post.all().count() < afterwards
            assert await storage.current().get(image.full_name) == picture
            assert await points.balances([helper.id]) == [(helper.id, 0, 10, 0, 0)]
            for each in await Image.all():
                assert await storage.current().exists(each.full_name)
                assert await storage.current().exists(each.thumb_name)
            await still_theirs(unseen, token)


async def still_theirs(post: Post, token: str) -> None:
    """Signed in as before, the one who wrote unseen may edit; nobody is named."""
    document, name = operation("EditPost")
    answer = await ask(document, name=name, token=token, post=node("post", post), text="Better")
    assert "errors" not in answer
    row = await Post.get(id=post.id)
    assert answer["data"]["editPost"]["post"]["isEdited"]
    assert (row.text, row.author_id, row.handle) == ("Better", None, post.handle)


def test_a_backup_goes_through_a_pipe_and_comes_back_through_one(breakroom, elsewhere, tmp_path):
    with installations.at(tmp_path / "home"):
        content = keys.secret("seal") and keys.content()
    piped = breakroom("backup", "-")
    assert piped.stdout.startswith(b"PK")
    assert b"This file holds every key: whoever has it can read everything" in piped.stderr

    done = elsewhere("restore", "-", given=piped.stdout)

    assert (done.returncode, done.stdout.splitlines()[0][:28]) == (
        0,
        b"restored 0 rows, 0 media fil",
    )
    with installations.at(tmp_path / "elsewhere"):
        assert keys.content() == content
    names = sorted(path.name for path in (tmp_path / "elsewhere").iterdir())
    assert [name for name in names if "own" not in name] == ["keys.json"]


def test_a_pipe_that_breaks_restores_nothing(breakroom, elsewhere, tmp_path):
    with installations.at(tmp_path / "home"):
        keys.secret("seal")
    piped = breakroom("backup", "-")

    done = elsewhere("restore", "-", given=piped.stdout[:-1000])

    assert done.returncode == 1
    assert done.stderr.startswith(b"Error: Nothing was restored: it is no backup, or a damaged one")
    assert list((tmp_path / "elsewhere").iterdir()) == []


async def test_what_lives_here_is_replaced_only_by_force(breakroom, elsewhere, archive, tmp_path):
    with installations.at(tmp_path / "home"):
        keys.secret("seal")
    with installations.at(tmp_path / "elsewhere"):
        keys.secret("seal")
    assert breakroom("backup", archive).returncode == 0

    refused = elsewhere("restore", archive)
    done = elsewhere("restore", archive, "--force")

    where = tmp_path / "elsewhere" / "keys.json"
    told = f"Nothing was restored: there are other keys already: {where}. --force replaces it."
    assert refused.returncode == 1
    assert told in refused.stderr.decode()
    assert done.returncode == 0
    assert where.read_bytes() == (tmp_path / "home" / "keys.json").read_bytes()


def test_a_backup_replaces_no_file(breakroom, archive):
    archive.write_bytes(b"last night's")
    done = breakroom("backup", archive)
    assert (done.returncode, archive.read_bytes()) == (2, b"last night's")
    assert b"is there already; a backup replaces nothing" in done.stderr


def test_a_backup_that_fails_leaves_no_file(breakroom, archive):
    done = breakroom("backup", archive)
    assert done.returncode == 1
    assert b"there is no key file at" in done.stderr
    assert list(archive.parent.glob("*")) == []


async def test_a_picture_that_is_lost_is_told_by_name(breakroom, archive, tmp_path):
    with installations.at(tmp_path / "home"):
        keys.secret("seal")
        lost = storage.new_name(".webp")
        await Image.create(full_name=lost, thumb_name=lost, width=1, height=1)
    done = breakroom("backup", archive)
    assert done.returncode == 0
    assert f"not in the storage, though the database names it: {lost}" in done.stderr.decode()


def test_a_database_without_tables_is_told_what_to_do(elsewhere, archive, tmp_path):
    with installations.at(tmp_path / "elsewhere"):
        keys.secret("seal")
    done = elsewhere("backup", archive)
    assert done.returncode == 1
    assert b"Has `breakroom migrate` been run?" in done.stderr
    assert not archive.exists()


def test_a_database_that_cannot_be_read_is_told_without_a_traceback(tmp_path, archive):
    with installations.at(tmp_path / "home"):
        keys.secret("seal")
    (tmp_path / "damaged").write_bytes(b"not a database" * 1000)
    done = command(f"sqlite://{tmp_path}/damaged", tmp_path / "home")("backup", archive)
    assert (done.returncode, done.stderr) == (1, b"Error: file is not a database\n")
    assert not archive.exists()


def test_a_database_that_does_not_answer_is_told_without_a_traceback(
    tmp_path, archive, unused_tcp_port
):
    with installations.at(tmp_path / "home"):
        keys.secret("seal")
    url = f"postgres://127.0.0.1:{unused_tcp_port}/breakroom"
    done = command(url, tmp_path / "home")("backup", archive)
    assert done.returncode == 1
    assert done.stderr.startswith(b"Error: [Errno ")
