-- On-site services that also come to whoever is near enough to a branch (B3).
alter table branches
  add column latitude float8 check (latitude between -90 and 90),
  add column longitude float8 check (longitude between -180 and 180),
  add constraint branches_point check ((latitude is null) = (longitude is null));
comment on column branches.latitude is 'Where on the map, degrees, GCJ-02; null while nobody entered it.';
comment on column branches.longitude is 'Where on the map, degrees, GCJ-02; null while nobody entered it.';

alter table services
  add column radius_m int check (radius_m between 100 and 200000),
  add constraint services_area check (radius_m is null or city is not null);
comment on column services.radius_m is 'Metres around its branches that are served on site too; null for none.';
