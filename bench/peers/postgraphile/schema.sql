-- What PostGraphile's users write in SQL: who reads is in a setting of the transaction.

CREATE FUNCTION reader() RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT current_setting('breakroom.reader')::uuid
$$;

CREATE FUNCTION feed(group_id uuid) RETURNS SETOF post LANGUAGE sql STABLE AS $$
  SELECT post.* FROM post
  WHERE post.group_id = feed.group_id AND published_at <= now() AND deleted_at IS NULL
  AND (hidden_at IS NULL OR author_id = reader())
  AND EXISTS (
    SELECT FROM membership
    WHERE membership.group_id = feed.group_id AND person_id = reader() AND standing = 'MEMBER'
  )
  ORDER BY published_at DESC, id DESC
$$;

CREATE FUNCTION post_first_comments(post post) RETURNS SETOF comment LANGUAGE sql STABLE AS $$
  SELECT * FROM comment
  WHERE post_id = post.id AND published_at <= now() AND deleted_at IS NULL
  AND (hidden_at IS NULL OR author_id = reader())
  ORDER BY published_at, id
$$;

CREATE FUNCTION post_viewer_reactions(post post) RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT ARRAY(
    SELECT kind::text FROM reaction
    WHERE subject_id = post.id AND actor = reader()::text ORDER BY kind
  )
$$;

CREATE FUNCTION person_badges(person person) RETURNS SETOF award LANGUAGE sql STABLE AS $$
  SELECT * FROM (
    SELECT DISTINCT ON (badge_id, tag_id) * FROM award
    WHERE person_id = person.id AND ended_at IS NULL
    ORDER BY badge_id, tag_id, array_position('{BRONZE,SILVER,GOLD}', level) DESC NULLS LAST,
             won_at DESC, id
  ) AS held
  ORDER BY won_at DESC, id
$$;
COMMENT ON FUNCTION person_badges IS '@behavior +list -connection';

CREATE FUNCTION react(subject_id uuid, kind text) RETURNS post LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  seen post;
BEGIN
  SELECT post.* INTO seen FROM post JOIN membership USING (group_id)
  WHERE post.id = subject_id AND deleted_at IS NULL AND published_at <= now()
  AND hidden_at IS NULL AND author_id IS DISTINCT FROM reader()
  AND person_id = reader() AND standing = 'MEMBER';
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  INSERT INTO reaction (id, subject_id, actor, kind)
  VALUES (gen_random_uuid(), seen.id, reader()::text, react.kind) ON CONFLICT DO NOTHING;
  IF FOUND THEN
    UPDATE post SET
      like_count = like_count + (react.kind = 'LIKE')::int,
      hug_count = hug_count + (react.kind = 'HUG')::int,
      same_here_count = same_here_count + (react.kind = 'SAME_HERE')::int
    WHERE id = seen.id RETURNING * INTO seen;
    INSERT INTO event (id, name, actor_id, payload, due_at, attempts)
    SELECT gen_random_uuid(), 'reaction.added', reader(), jsonb_build_object(
      'kind', react.kind, 'subject', seen.id, 'post', seen.id, 'group', seen.group_id,
      'group_kind', community_group.kind
    ), now(), 0
    FROM community_group WHERE id = seen.group_id;
  END IF;
  RETURN seen;
END
$$;

CREATE TYPE board_place AS (
  rank integer, score float8, is_viewers boolean, person_id uuid, name text
);

CREATE FUNCTION board_places(board uuid, most integer) RETURNS SETOF board_place
LANGUAGE sql STABLE AS $$
  SELECT ranked.rank, ranked.value / 100.0, ranked.owner_id = reader(), person.id, person.name
  FROM (
    SELECT rank() OVER (ORDER BY value DESC)::integer AS rank, value, id, owner_id
    FROM board_score WHERE board_id = board AND is_out = FALSE
    ORDER BY value DESC, id DESC LIMIT most
  ) AS ranked
  JOIN person ON person.id = ranked.owner_id
  ORDER BY ranked.value DESC, ranked.id DESC
$$;

CREATE FUNCTION own_place(board uuid) RETURNS board_place LANGUAGE sql STABLE AS $$
  SELECT ranked.rank, ranked.value / 100.0, TRUE, ranked.owner_id, NULL
  FROM (
    SELECT rank() OVER (ORDER BY value DESC)::integer AS rank, value, owner_id
    FROM board_score WHERE board_id = board AND is_out = FALSE
  ) AS ranked
  WHERE ranked.owner_id = reader()
$$;
