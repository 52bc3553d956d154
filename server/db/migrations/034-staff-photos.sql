-- Portraits of staff that the merchant uploads (B3).
create table staff_photos (
  id uuid primary key,
  staff_id uuid not null unique references staff,
  bytes bytea not null
);
comment on table staff_photos is 'Portraits of staff, drawn anew on arrival; one for each, gone when replaced.';
comment on column staff_photos.id is 'Part of its address: another portrait has another one.';
comment on column staff_photos.staff_id is 'Whom it shows.';
comment on column staff_photos.bytes is 'A square JPEG without metadata.';
comment on column staff.photo is 'Name of the portrait under /photos, without its ending; staff/<id> is a row of staff_photos. Null without one.';
