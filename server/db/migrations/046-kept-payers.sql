-- Who paid, for delivery info WeChat refused before its person erased themselves (P9, X11).

alter table deliveries add column payer text;
comment on column deliveries.payer is 'openid of who paid, kept when they erase themselves before WeChat took this; null before, and since it did.';
