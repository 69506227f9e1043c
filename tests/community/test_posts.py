from tests.makers import a_group, a_key, a_member, graphql, node

CREATE = """
    mutation ($group: ID!, $draft: PostDraft!, $key: String!) {
      createPost(groupId: $group, draft: $draft, idempotencyKey: $key) {
        ... on PostCreated { post { id text author { ... on Person { name } } viewerIsAuthor } }
        ... on Refusal { code kind message }
      }
    }
"""


async def test_a_member_posts_and_sees_it_in_the_feed():
    group = await a_group()
    ann = await a_member(group, name="Ann")

    data = await graphql(
        CREATE, by=ann, group=node("group", group), draft={"text": " Hello "}, key=a_key()
    )

    post = data["createPost"]["post"]
    assert post["text"] == "Hello"
    assert post["author"] == {"name": "Ann"}
    feed = await graphql(
        "{ feed { edges { node { id group { name viewerUnreadCount } comments { edges { node { id } } } } } } }",
        by=ann,
    )
    assert [edge["node"]["id"] for edge in feed["feed"]["edges"]] == [post["id"]]
