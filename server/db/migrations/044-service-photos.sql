-- Photos of services that the merchant uploads (B1, M11).
create table service_photos (
  id uuid primary key,
  service_id uuid not null references services,
  thumb bytea not null,
  large bytea not null,
  unused_at timestamptz
);
create index service_photos_by_service on service_photos (service_id);
create index service_photos_unused on service_photos (unused_at) where unused_at is not null;
comment on table service_photos is 'Photos of services, each drawn anew in the two sizes that phones ask for; which of them are shown, and in what order, stands in services.photos.';
comment on column service_photos.id is 'The picture it was drawn of, and part of its address: another photo has another one.';
comment on column service_photos.service_id is 'What it shows.';
comment on column service_photos.thumb is 'A JPEG of 320 × 240 without metadata.';
comment on column service_photos.large is 'A JPEG of at most 1280 × 960 without metadata.';
comment on column service_photos.unused_at is 'When it was taken away: for some days it can be put back, then it is forgotten. Null while it is shown.';
comment on column services.photos is 'Names of its photos under /photos, without size and ending; services/<id> is a row of service_photos. The first is the cover.';
