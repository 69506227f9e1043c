export const schema = `
  type Query {
    feed(groupId: ID!, first: Int! = 20, after: String): PostConnection!
    board(measure: BoardMeasure!, span: BoardSpan!, first: Int! = 10): Board!
  }
  enum BoardMeasure { POINTS THANKS ANSWERS }
  enum BoardSpan { DAY WEEK MONTH }
  type Board { places: [Place!]! viewerPlace: Place }
  type Place { rank: Int! score: Float! isViewers: Boolean! person: Person }

  type Mutation {
    react(subjectId: ID!, kind: ReactionKind!): ReactResult!
  }
  enum ReactionKind { LIKE HUG SAME_HERE }
  union ReactResult = Reacted | Refusal
  union Subject = Post | Comment
  type Reacted { subject: Subject! }
  type Refusal { code: String! }

  union Author = Person | Alias
  type Person { id: ID! name: String! badges: [Award!]! }
  type Alias { name: String! }
  type Award { id: ID! level: Level }
  enum Level { BRONZE SILVER GOLD }

  type Post {
    id: ID!
    text: String!
    likeCount: Int!
    hugCount: Int!
    sameHereCount: Int!
    commentCount: Int!
    viewerReactions: [ReactionKind!]!
    author: Author!
    comments(first: Int! = 20): CommentConnection!
  }
  type PostConnection { edges: [PostEdge!]! pageInfo: PageInfo! }
  type PostEdge { node: Post! }

  type Comment { id: ID! text: String! author: Author! }
  type CommentConnection { edges: [CommentEdge!]! }
  type CommentEdge { node: Comment! }

  type PageInfo { hasNextPage: Boolean! endCursor: String }
`

export const author = (id, name, alias, badges) =>
  id ? { __typename: 'Person', id, name, badges } : { __typename: 'Alias', name: alias }

export const closed = (row) =>
  Buffer.from(`${row.at} ${row.id}`).toString('base64url')

export function opened(cursor) {
  if (!cursor) return [null, null]
  const place = Buffer.from(cursor, 'base64url').toString()
  const end = place.lastIndexOf(' ')
  return [place.slice(0, end), place.slice(end + 1)]
}
