"""The same questions in PostGraphile's words; aliases bring its answers into the same shape."""

POSTGRAPHILE = {
    "feed": """
query Feed($group: UUID!, $first: Int!, $after: Cursor) {
  feed(groupId: $group, first: $first, after: $after) {
    edges {
      node {
        id: rowId text likeCount hugCount sameHereCount commentCount viewerReactions
        author { id: rowId name badges: badgesList { id: rowId level } }
        comments: firstComments(first: 2) {
          edges {
            node {
              id: rowId text author { id: rowId name badges: badgesList { id: rowId level } }
            }
          }
        }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
""",
    "like": """
mutation Like($post: UUID!) {
  react(input: {subjectId: $post, kind: "LIKE"}) {
    subject: result { id: rowId likeCount viewerReactions }
  }
}
""",
    "board": """
query Board($board: UUID!, $first: Int!) {
  places: boardPlaces(board: $board, most: $first) {
    nodes { rank score isViewers personId name }
  }
  viewerPlace: ownPlace(board: $board) { rank score }
}
""",
}
