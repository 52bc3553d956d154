-- Words typed into the console's search are found by index, whatever script they are in (M1 M2 M8 M10):
-- Chinese words are of two characters mostly, which pg_trgm, made for three and more, cannot find.

-- What a text is found by: at each of its places the next p_size characters in lower case, at its end what
-- is left. `p_text ilike '%words%'` is true only where `pieces(p_text, n) @@ pieces_wanted('words', n)` is;
-- the other way round it is for the caller to look. A text without end has one piece, which every word
-- wants: what PostgreSQL makes of pieces has room for a megabyte.
create function pieces(p_text text, p_size int) returns tsvector
language plpgsql immutable strict parallel safe cost 1000 as $$
declare
  low text := lower(p_text);
begin
  if length(low) > 50000 then return '''endless'''::tsvector; end if;
  return (
    select array_to_tsvector(array_agg(concat(a, b, c)))
    from unnest(string_to_array(low, null), string_to_array(substr(low, 2), null),
      case when p_size > 2 then string_to_array(substr(low, 3), null) end) as at_each (a, b, c));
end $$;
comment on function pieces is 'Pieces of a text that words in it are found by; of 2 or 3 characters.';

-- All pieces of the words; where they are shorter than one, whatever begins with them.
create function pieces_wanted(p_words text, p_size int) returns tsquery
language plpgsql immutable strict parallel safe as $$
declare
  -- As `ilike` reads them: at the edge of a text some letters have another small form (ς), between percent
  -- signs they have not.
  between_signs text := lower('%' || p_words || '%');
  low text := substr(between_signs, 2, length(between_signs) - 2);
  wanted text;
begin
  select string_agg('''' || replace(replace(substr(low, n, p_size), '\', '\\'), '''', '''''') || ''''
    || case when length(low) < p_size then ':*' else '' end, ' & ')
  into wanted from generate_series(1, greatest(length(low) - p_size + 1, 1)) n;
  return format('(%s) | ''endless''', wanted)::tsquery;
end $$;
comment on function pieces_wanted is 'What pieces() of a text must hold for the words to be in it; words are not empty.';

-- What can be read of answers; what is sealed is an object.
create function answers_text(p_answers jsonb) returns text
language sql immutable strict parallel safe as $$
  select string_agg(value, e'\n') from jsonb_each_text(p_answers) where value not like '{%'
$$;
comment on function answers_text is 'The words of a registration''s answers, line by line.';

-- All at once, in the order of those who work meanwhile: with the log held while other indexes are built,
-- whoever has changed an order and writes the log next would end this file by a deadlock.
lock table registrations, orders in share mode;
lock table registration_marks in access exclusive mode;
lock table users, feedback, acts, act_changes in share mode;

-- Pieces of two characters where people's own words are: an index keeps its keys when their last row goes,
-- and two characters alone are nobody's name. The log is full of digits: there it takes three.
create index users_by_name on users using gin (pieces(name, 2));
create index registrations_by_words on registrations using gin (pieces(answers_text(answers), 2));
create index feedback_by_words on feedback using gin (pieces(text, 2));
create index acts_by_words on acts using gin (pieces(reason, 3));
create index act_changes_by_words on act_changes using gin (
  pieces(coalesce(object_name, '') || e'\n' || before::text || e'\n' || after::text, 3));

-- An order by the end of its number, and by its service: one index for both, for a hold pays for each.
create index orders_by_service on orders (service_id, (left(reverse(number), 4)) collate "C");
create index feedback_by_order on feedback (order_id) where order_id is not null;
-- Whoever is registered with a phone: the key's other column first costs nothing more.
alter table registration_marks drop constraint registration_marks_pkey, add primary key (mark, scope);
