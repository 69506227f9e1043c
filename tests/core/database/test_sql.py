from community.groups import Group
from community.posts import Post
from core.database import sql, versions
from core.database.sql import Statement
from core.events import Event, record
from tests.makers import a_group, a_member, a_post


async def test_a_row_is_what_the_orm_makes_of_it():
    group = await a_group()
    post = await a_post(group, by=await a_member(group), is_question=True)
    event = await record("post.read", post=post.id, often=3)
    for model, id in ((Group, group.id), (Post, post.id), (Event, event.id)):
        found = await sql.in_bulk(model, [id])
        read = {name: value for name, value in vars(found[id]).items() if name != versions.TOLD}
        assert read | {"_await_when_save": {}} == vars(await model.get(id=id))


async def test_rows_of_several_models_and_other_columns_come_together():
    group = await a_group()
    post = await a_post(group, by=await a_member(group))
    both = Statement(
        """
        SELECT post.*, community_group.*, 1 + :more FROM post
        JOIN community_group ON community_group.id = post.group_id WHERE post.id = ANY(:ids)
        """,
        Post,
        Group,
    )
    [(first, second, number)] = await both.rows(ids=[post.id], more=2)
    assert (first.id, second.id, number) == (post.id, group.id, 3)


async def test_what_is_read_so_can_be_saved():
    group = await a_group()
    post = await a_post(group, by=await a_member(group))
    [read] = (await sql.in_bulk(Post, [post.id])).values()
    read.text = "Better"
    await read.save(update_fields=["text"])
    assert (await Post.get(id=post.id)).text == "Better"


async def test_of_no_ids_nothing_is_asked(statements):
    statements()
    assert await sql.in_bulk(Post, []) == {}
    assert statements() == []
